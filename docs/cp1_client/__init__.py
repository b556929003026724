"""A small client of the check-in protocol CP1, written from its page alone.

It needs Python 3.11 and ``cryptography``, and imports nothing of the product: whoever writes a
client of another kind may read it as a worked example, and the tests use it as an independent
implementation. The modules, from the bottom up:

- ``badge``: what a QR text says, and what its card says;
- ``clock``: boots, anchors and the effective time of a scan;
- ``verdict``: who may pass;
- ``fold`` and ``history``: who is where, from one phone's scans and from all of them;
- ``records``: scan records;
- ``store``: what the phone keeps, in two JSON files;
- ``wire``: requests, answers and how long to wait after a failure;
- ``client``: enrolment, snapshot and the other questions;
- ``door``: a scan from text to verdict, online or not, overrides and annulments;
- ``outbox``: what was queued, sent and settled by item.
"""
