"""Counterfactuals of portrait photos by classical graphics: (photo, request) → (true result, exact mask).

    edit = catalogue.applied(portrait, "blond_hair", seed)   # Edit, or None where the request makes no sense

A family of filters a file. Outside of the mask the result is the photo, bit for bit.
"""
