"""What a page tells a home screen that it is put on: its name, its icons, where it begins."""

from collections.abc import Sequence

from django.http import JsonResponse
from django.templatetags.static import static


def manifest(
    *, home: str, name: str, color: str, icons: Sequence[dict[str, str]] = (), **more: str
) -> JsonResponse:
    """Return the manifest of the pages under ``home``, with the product's icons first."""
    own = [_icon(f"icon-{size}", size) for size in (192, 512)]
    told = {"id": home, "name": name, "start_url": home, "scope": home, "display": "standalone"}
    colors = {"background_color": color, "theme_color": color}
    return JsonResponse(
        told | colors | more | {"icons": [*own, *icons]},
        content_type="application/manifest+json",
    )


def maskable() -> dict[str, str]:
    """Return the icon that a phone may cut to its own shape."""
    return _icon("icon-maskable-512", 512) | {"purpose": "maskable"}


def _icon(name: str, size: int) -> dict[str, str]:
    return {"src": static(f"img/{name}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
