"""Resources: the store that keeps them, their identifiers, and the patches that change them."""
