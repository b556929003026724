"""How hypothesis looks for examples: new ones on a person's machine, the same ones in CI.

A red run in CI then means that the change is wrong, and can be had again at a desk.
"""

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("desk", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
