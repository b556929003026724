"""``field__among=…``: one of many values, given as one parameter.

A list behind ``IN`` is written out, parsed and planned value by value, each time anew. For the
hundreds of persons that an upload touches that costs more than to find them.
"""

import json
from typing import Any

from django.db.models import Field, ForeignObject, Lookup


@Field.register_lookup
@ForeignObject.register_lookup
class Among(Lookup):
    """Whether a column holds one of these values; none are allowed to be None."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Write the condition for this engine."""
        column, params = self.process_lhs(compiler, connection)
        field = self.lhs.output_field
        held = getattr(field, "target_field", field)
        values = [held.get_db_prep_value(value, connection) for value in self.rhs]
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s::{held.cast_db_type(connection)}[])", [*params, values]
        listed = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - a column's name
        return listed, [*params, json.dumps(values)]
