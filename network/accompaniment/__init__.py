"""Asking the centre for help: the form, what staff does with a request, and its follow-up by the person who asked."""
