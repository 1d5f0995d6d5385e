"""Alerts: what is new in a list, as somebody searched it, sent by e-mail to whoever asked and confirmed."""
