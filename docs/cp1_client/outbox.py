"""Uploads by item: a scan leaves the queue only when the server has named it."""

from collections import Counter

from docs.cp1_client.badge import Json
from docs.cp1_client.client import APP, Client
from docs.cp1_client.wire import Refusal

BATCH = 200
SETTLED = {"stored", "duplicate", "quarantined"}


def upload(client: Client) -> Counter[str]:
    """Send what is queued, or a sign of life if that is nothing; count the results.

    A revoked device wipes its snapshot and sends its queue to quarantine.
    """
    queue = client.store.queue()
    if client.store.state.standing == "revoked":
        return _send(client, queue, "scans/quarantine/") if queue else Counter()
    try:
        return _send(client, queue, "scans/")
    except Refusal as refusal:
        if refusal.status != 410:
            raise
        return upload(client)


def _send(client: Client, queue: list[Json], path: str) -> Counter[str]:
    counted: Counter[str] = Counter()
    batches = [queue[at : at + BATCH] for at in range(0, len(queue), BATCH)] or [[]]
    while batches:
        batch = batches.pop(0)
        body = {"scans": [scan["record"] for scan in batch], "status": _status(client)}
        try:
            answer = client.patiently_ask("POST", path, body, zipped=True)
        except Refusal as refusal:
            if refusal.status not in {400, 413} or not batch:
                raise
            if len(batch) == 1:
                _refuse(batch[0], refusal.code, refusal.detail)
                counted["refused"] += 1
            else:
                half = len(batch) // 2
                batches[:0] = [batch[:half], batch[half:]]
        else:
            counted.update(_settle(batch, answer.body["results"]))
        client.save()
    return counted


def _status(client: Client) -> Json:
    snapshot = client.store.snapshot
    return {
        "queued": len(client.store.queue()),
        "wall_ms": client.clock.look().wall_ms,
        "cursor": snapshot["cursor"] if snapshot else None,
        "app": APP,
    }


def _settle(batch: list[Json], results: list[Json]) -> list[str]:
    for scan, result in zip(batch, results, strict=True):
        if result["scan_id"] not in {None, scan["record"]["scan_id"]}:
            continue  # not the answer to this scan: it stays in the queue
        if result["result"] in SETTLED:
            scan["fate"] = "settled"
            scan["alerts"] = result.get("alerts", [])
        elif result["result"] == "invalid":
            _refuse(scan, result["code"], result["detail"])
    return [result["result"] for result in results]


def _refuse(scan: Json, code: str, detail: str) -> None:
    scan["fate"] = "refused"
    scan["refusal"] = {"code": code, "detail": detail}
