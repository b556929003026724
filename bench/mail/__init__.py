"""Mail under blows: thousands of letters while workers are killed and the broker is gone."""
