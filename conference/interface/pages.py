"""Long lists in pages."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response


class Pages(PageNumberPagination):
    """Pages of 50 rows, or of ``page_size`` up to 200; ``count`` tells all rows."""

    page_size = 50
    page_size_query_param = "page_size"
    page_size_query_description = _(  # type: ignore[assignment]
        "Rows in a page, 1 to 200; 50 unless given."
    )
    page_query_description = _(  # type: ignore[assignment]
        "Number of the page, from 1."
    )
    max_page_size = 200

    def get_paginated_response(self, data: Any) -> Response:
        """Return the rows with where they stand among all of them."""
        assert self.page is not None
        return Response(
            {
                "count": self.page.paginator.count,
                "page": self.page.number,
                "pages": self.page.paginator.num_pages,
                "next": self.get_next_link(),
                "previous": self.get_previous_link(),
                "results": data,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the shape of a page for OpenAPI."""
        link = {"type": "string", "format": "uri", "nullable": True, "example": None}
        return {
            "type": "object",
            "required": ["count", "page", "pages", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "example": 1},
                "page": {"type": "integer", "minimum": 1, "example": 1},
                "pages": {"type": "integer", "minimum": 1, "example": 1},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }
