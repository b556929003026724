"""Template libraries: bilingual, venue_time, look."""
