"""Documents of every app: PDF and QR codes."""
