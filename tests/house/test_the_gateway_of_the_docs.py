"""The gateway that docs/channels.md shows works as it stands there, both ways."""

import re
import threading
from datetime import timedelta
from http.server import ThreadingHTTPServer

import pytest
from django.conf import settings
from django.utils import timezone

from conference.models import MessageStep, Notice
from conference.operations import channels
from sessions.operations import enrolling, notifying
from tests.sessions import cast
from tests.sessions.texting import NUMBER, SECRET, adapter, allow


@pytest.fixture
def shown(monkeypatch):
    """What the page shows as Python, run; its gateway listens."""
    monkeypatch.setenv("SECRET", SECRET)
    page = (settings.BASE_DIR / "docs" / "channels.md").read_text(encoding="utf-8")
    (source,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names = {"__name__": "gateway"}
    exec(compile(source, "docs/channels.md", "exec"), names)
    names["Gateway"].log_message = lambda *_: None
    server = ThreadingHTTPServer(("127.0.0.1", 0), names["Gateway"])
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield names | {"url": f"http://127.0.0.1:{server.server_port}"}
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_it_takes_a_text_once_and_reports_that_it_arrived(shown, live_server, settings, capsys):
    settings.TEXT_ADAPTERS = {"sms": adapter(shown["url"])}
    settings.TEXT_PRIVATE_ALLOWED = True
    settings.PUBLIC_BASE_URL = live_server.url
    now = timezone.now()
    session = cast.make_session(cast.make_conference(), now + timedelta(hours=2))
    alice = cast.make_delegate(session.conference)
    allow(alice, now)
    enrolling.take_seat(session_id=session.pk, delegate_id=alice.pk, now=now)
    notifying.tell_moved(session=session, now=now)
    channels.make_notices(now=now)
    channels.send_due(worker="w", clock=timezone.now)
    Notice.objects.update(state="queued", sent_at=None)
    channels.send_due(worker="w", clock=timezone.now)
    notice = Notice.objects.get()
    assert notice.reference == "carrier-1"
    assert capsys.readouterr().out.count(NUMBER) == 1
    receipts = f"{live_server.url}/texts/sms/receipts/"
    shown["report"]({"id": str(notice.uid), "receipts": receipts}, "delivered")
    assert Notice.objects.get().receipt == "delivered"
    assert MessageStep.objects.filter(channel="sms", kind="delivered").count() == 1
