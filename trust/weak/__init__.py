"""The product with faults made on purpose. Each must be caught, else the row that it is the control of says nothing."""
