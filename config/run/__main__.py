"""Start everything: `python config/run`; see `config.run.start`."""

import os
import signal
import sys
from pathlib import Path

if __name__ == "__main__":
    # Until the imports below are done nothing has been started, so there is nothing to tidy up.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: os._exit(0))

sys.path[0] = str(Path(__file__).resolve().parents[2])

from config.run.start import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
