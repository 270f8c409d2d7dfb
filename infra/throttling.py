"""How much a stage takes at once."""


def burst(per_second: int) -> int:
    """Requests that may come together, at a rate of so many a second: an account has half as many as its rate."""
    return max(1, per_second // 2)
