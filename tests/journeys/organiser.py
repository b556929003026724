"""The organiser at a desk, in English."""

import re
from pathlib import Path

from playwright.sync_api import Locator, expect

from delegates.models import Delegate, Delegation
from sessions.models import Session
from tests.journeys.story import DESK, Story, sign_in

#: Notes in the page when a name first stands among the last arrivals.
WATCH_ARRIVALS = """name => {
  const look = () => {
    const list = document.querySelector(".arrivals-last");
    const seen = document.documentElement.dataset;
    if (list?.textContent.includes(name)) seen.arrivedAt ??= Date.now();
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}"""


class Organiser:
    """What the organiser does and sees."""

    def __init__(self, story: Story, slug: str) -> None:
        self.page = story.person("organiser", DESK, locale="en-US")
        self._address = story.address
        self._desk = f"{story.address}/organise/{slug}/"

    def sign_in(self) -> None:
        sign_in(self.page, self._address, "organiser")
        expect(self.page).to_have_url(self._desk)

    def go(self, path: str) -> None:
        answer = self.page.goto(self._desk + path)
        assert answer is not None
        assert answer.status == 200, answer.url

    # Lists

    def load_list(self, path: Path, delegation: Delegation) -> None:
        """Load a spreadsheet for a delegation; the preview is shown afterwards."""
        self.go(f"imports/new/?delegation={delegation.pk}")
        self.page.locator("[name=file]").set_input_files(path)
        self.page.get_by_role("button", name="Load and look").click()
        expect(self.page).to_have_url(re.compile(r"/imports/\d+/$"))

    def rows(self) -> Locator:
        """Return the rows of the preview that name a person."""
        return self.page.locator("tr[id^=row-]:not(.import-row--skip)")

    def apply_list(self) -> None:
        self.page.locator("form[action$='/apply/'] button").click()
        expect(self.page.locator(".state", has_text="applied").first).to_be_visible()

    # Letters

    def write_letter(self, *, subject_en: str, subject_zh: str, sample: Delegation) -> Locator:
        """Write a letter with subjects of its own; return its preview, filled for a delegation."""
        self.go("mailings/new/?audience=invitation")
        self.page.locator("[name=name]").fill("Second invitation")
        self.page.locator("[name=subject_en]").fill(subject_en)
        self.page.locator("[name=subject_zh]").fill(subject_zh)
        self.page.get_by_role("button", name="Save", exact=True).click()
        self.page.locator("#sample").press_sequentially(sample.name_en)
        return self.page.locator("#campaign-preview")

    def choose_recipients(self) -> list[int]:
        """Go on to the delegations; return the ids of those that the page proposes."""
        self.page.get_by_role("button", name="Save and choose the recipients").click()
        expect(self.page).to_have_url(re.compile(r"/send/$"))
        proposed = self.page.locator("[name=delegations]:checked")
        return [int(str(box.get_attribute("value"))) for box in proposed.all()]

    def send_letter(self, count: int) -> None:
        """Look at it once more, send, and stay until the page says that all are sent."""
        self.page.get_by_role("button", name="Go on to sending").click()
        expect(self.page.get_by_text(f"{count} recipients as things stand")).to_be_visible()
        self.page.get_by_role("button", name="Send now").click()
        self.page.get_by_role("dialog").get_by_role("button", name="Send").click()
        expect(self.page.get_by_text(f"{count} of {count} sent")).to_be_visible()

    # People

    def accredit(self, delegation: Delegation, count: int) -> None:
        """Approve everybody who waits in a delegation, in one go."""
        self.go(f"accreditation/?delegation={delegation.pk}")
        expect(self.page.locator("tbody [name=delegate]:checked")).to_have_count(count)
        self.page.get_by_role("button", name="Approve the ticked").click()
        self.page.get_by_role("button", name=f"Approve {count} people").click()
        expect(self.page).to_have_url(re.compile(r"/accreditation/"))

    def badges(self, delegation: Delegation) -> bytes:
        """Return the PDF behind the link of the list of badges."""
        self.go(f"badges/?delegation={delegation.pk}")
        link = self.page.get_by_role("link", name="Look at them").get_attribute("href")
        answer = self.page.request.get(f"{self._address}{link}")
        assert answer.headers["content-type"] == "application/pdf"
        return answer.body()

    def send_badge(self, delegate: Delegate) -> None:
        self.go(f"delegates/{delegate.pk}/")
        self.page.locator("form[action$='/badge/send/'] button").click()
        self.page.get_by_role("dialog").get_by_role("button", name="Send").click()
        expect(self.page.get_by_text(delegate.email).first).to_be_visible()

    # The programme

    def cancel(self, session: Session, reason: str) -> None:
        self.go(f"programme/{session.pk}/cancel/")
        self.page.locator("[name=reason_en]").fill(reason)
        self.page.get_by_role("button", name="Cancel the session").click()
        expect(self.page.get_by_text(reason).first).to_be_visible()

    # The day

    def watch_arrivals(self, name: str) -> None:
        """Open the overview and leave it open, with an eye on the name."""
        self.go("")
        self.page.evaluate(WATCH_ARRIVALS, name)

    def saw_arrive_at(self) -> float:
        """Return when the name appeared, in seconds of the epoch."""
        html = self.page.locator("html[data-arrived-at]")
        return float(str(html.get_attribute("data-arrived-at"))) / 1000
