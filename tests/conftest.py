"""What all tests share: property tests draw the same examples every time, and no test is judged by its speed."""

from hypothesis import settings

settings.register_profile("negoenv", derandomize=True, deadline=None, database=None, print_blob=False)
settings.load_profile("negoenv")
