"""Working days in France: what the dates of a new session are prefilled with. Never a rule: one may meet on a Saturday."""

import datetime

# (month, day) of the public holidays that do not move (Code du travail, L3133-1).
FIXED = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
AFTER_EASTER = (1, 39, 50)  # Monday of Easter, Ascension, Monday of Pentecost


def easter(year: int) -> datetime.date:
    """Sunday of Easter, Gregorian calendar (Meeus, Astronomical Algorithms, ch. 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + weekday - 7 * ((a + 11 * h + 22 * weekday) // 451) + 114, 31)
    return datetime.date(year, month, day + 1)


def is_working(day: datetime.date) -> bool:
    if day.weekday() > 4 or (day.month, day.day) in FIXED:
        return False
    return (day - easter(day.year)).days not in AFTER_EASTER


def following(first: datetime.date, count: int) -> list[datetime.date]:
    """So many working days, from this one on."""
    days: list[datetime.date] = []
    while len(days) < count:
        if is_working(first):
            days.append(first)
        first += datetime.timedelta(days=1)
    return days
