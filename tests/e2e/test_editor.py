"""The prose editor works under the strict policy of the site, and what it would not write is dropped when saved."""

from .content import STAFF


def test_text_is_written_and_saved_under_the_policy(visit):
    editor = visit()
    editor.log_in(STAFF)
    page = editor.go("/admin/core/page/")
    page.locator("#result_list tbody th a").first.click()
    written = page.locator(".ProseMirror[contenteditable=true]").first
    written.wait_for()
    written.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Une phrase de plus <script>alert(1)</script>")
    page.locator("[name=_continue]").click()
    page.locator(".messagelist .success").wait_for()
    saved = page.locator("textarea[name=body]").input_value()
    assert "Une phrase de plus &lt;script&gt;" in saved
    assert "<script>" not in saved
