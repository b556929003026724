"""What is drawn, sealed or written about delegates: badges and their codes."""
