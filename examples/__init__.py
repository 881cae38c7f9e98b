"""The samples of the one-command run, and the seeded generator that wrote them.

Everything here is invented: no text, person, company or number comes from elsewhere.
"""
