"""Settings: `dev` for one machine and the demo, `test` for the suite, `production` for real."""
