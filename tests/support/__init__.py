"""What the whole suite stands on: broker, browser, mail server, running processes, figures."""
