"""One sitting: what is asked, how it is marked, which rating follows. Draws on the catalogue, reviews and labs."""
