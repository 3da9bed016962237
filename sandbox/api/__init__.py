"""How an operation is declared, and how a request to it is read, carried out and answered."""
