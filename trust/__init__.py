"""What the product promises to withstand, tried on servers that each row starts, beside a control that must fail."""
