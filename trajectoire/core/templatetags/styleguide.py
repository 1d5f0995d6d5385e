"""The samples of the style guide, for its templates only."""

from django import template

from ..samples import samples

register = template.Library()
register.simple_tag(samples)
