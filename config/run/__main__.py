"""Start everything; see `config.run.start`."""

import sys

from config.run.start import main

if __name__ == "__main__":
    sys.exit(main())
