"""Base45 (RFC 9285): bytes as characters that QR codes hold most densely."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def encode(data: bytes) -> str:
    """Write each two bytes as three characters, and a last single byte as two."""
    written: list[str] = []
    for start in range(0, len(data) - 1, 2):
        high, low = divmod(int.from_bytes(data[start : start + 2], "big"), 45)
        written += ALPHABET[low], ALPHABET[high % 45], ALPHABET[high // 45]
    if len(data) % 2:
        high, low = divmod(data[-1], 45)
        written += ALPHABET[low], ALPHABET[high]
    return "".join(written)


def decode(text: str) -> bytes:
    """Read the bytes back.

    Raises ValueError for a character outside the alphabet, a length that no bytes have, a triplet
    above 65535 and a last pair above 255.
    """
    try:
        values = [_VALUES[character] for character in text]
    except KeyError as unknown:
        message = f"{unknown} is not a Base45 character"
        raise ValueError(message) from None
    data = bytearray()
    for start in range(0, len(values), 3):
        data += _group(values[start : start + 3])
    return bytes(data)


def _group(values: list[int]) -> bytes:
    """Return the one or two bytes of a pair or triplet of character values."""
    if len(values) == 1:
        message = "a single character is left over"
        raise ValueError(message)
    number = 0
    for value in reversed(values):
        number = number * 45 + value
    size = len(values) - 1
    if number >= 256**size:
        message = f"{number} does not fit in {size} bytes"
        raise ValueError(message)
    return number.to_bytes(size, "big")
