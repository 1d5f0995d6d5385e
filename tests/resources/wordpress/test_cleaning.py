"""Contents of every age of WordPress become the rich text of the site, and nothing else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.importing.wordpress import elementor, uploads
from resources.importing.wordpress.cleaning import Image, clean, summary_of
from trajectoire.core.prose import clean_html

UP = "https://site.example/wp-content/uploads/2019/03"


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("Un.\nDeux.\n\nTrois [2012] [sic].", "<p>Un.<br>Deux.</p><p>Trois [2012] [sic].</p>"),
        ("<!-- wp:paragraph -->\n<p>Un\nDeux</p>\n<!-- /wp:paragraph -->\n<p>&nbsp;</p>", "<p>Un Deux</p>"),
        ("<h1>A</h1><h4>B</h4><h6>C</h6><h2>D</h2>", "<h2>A</h2><h3>B</h3><h4>C</h4><h3>D</h3>"),
        ("<h5><strong>Seul</strong></h5>", "<h2>Seul</h2>"),
        ('<p style="color:red" onclick="x()">A<script>alert(1)</script><style>p{}</style></p>', "<p>A</p>"),
        ('<a href="javascript:alert(1)">A</a> <a href="#bas">B</a> <a href="http://[">C</a>', "<p>A B C</p>"),
        ("<b>A</b> <i>B</i> <u>C</u><span><p>D</p></span>", "<p><strong>A</strong> <em>B</em> C</p><p>D</p>"),
        ("<p>A<br><br>B</p><hr><address>C</address>", "<p>A</p><p>B</p><p>C</p>"),
        ("<ul>\n<li>A</li>\n<li>B<ol><li>C</li></ol></li></ul>", "<ul><li>A</li><li>B<ol><li>C</li></ol></li></ul>"),
        ("<ul><script>x</script><li>A</li><ul><li>B</li></ul><li> </li></ul><ul></ul>", "<ul><li>A<ul><li>B</li></ul></li></ul>"),
        ("<blockquote>Elle dit</blockquote><blockquote> </blockquote>", "<blockquote><p>Elle dit</p></blockquote>"),
        ("<dl><dt>Mot</dt><dd>Sens</dd></dl>", "<p><strong>Mot</strong></p><p>Sens</p>"),
        ("<figure><figcaption> </figcaption><p>A</p></figure>", "<p>A</p>"),
        ("<p>A <span>B<script>x</script></span></p>", "<p>A B</p>"),
        ("<pre>un\n  deux</pre>", "<p>un<br>deux</p>"),
        ("<table><tr><td>Seul</td></tr></table>", "<p>Seul</p>"),
        ("<table><tr><td> </td><td></td></tr></table>", ""),
        (
            "<table><caption>Tout</caption><tr><th colspan='2'>A</th></tr><tr><td>B</td><td><table><tr><td>C</td></tr></table></td></tr></table>",
            '<p><strong>Tout</strong></p><table><tbody><tr><th colspan="2"><p>A</p></th></tr>'
            "<tr><td><p>B</p></td><td><p>C</p></td></tr></tbody></table>",
        ),
        (
            '<iframe src="//player.vimeo.com/video/1" title="Le film"></iframe>',
            '<p><a href="https://player.vimeo.com/video/1">Le film (player.vimeo.com)</a></p>',
        ),
        ('<audio><source src="/a.mp3"></audio><video></video>', '<p><a href="/a.mp3">Enregistrement sonore</a></p>'),
        ("https://youtu.be/x?a=1&b=2", '<p><a href="https://youtu.be/x?a=1&amp;b=2">https://youtu.be/x?a=1&amp;b=2</a></p>'),
        ("Voir https://youtu.be/x ici", "<p>Voir https://youtu.be/x ici</p>"),
        ("<!--[if gte mso 9]><xml>Word</xml><![endif]--><p class='MsoNormal'>A<o:p></o:p></p>", "<p>A</p>"),
        ('Bonjour <img class="wp-smiley" src="x.png" alt="🙂">', "<p>Bonjour 🙂</p>"),
        ('<img src="https://pixel.example/p.gif" width="1"><img src="data:image/png;base64,x">', ""),
        ("", ""),
        ("<!-- rien -->", ""),
    ],
)
def test_each_habit_of_writing_becomes_plain_rich_text(content, wanted):
    assert clean(content).html == wanted


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("[vc_row][vc_column][vc_column_text]Un\n\nDeux[/vc_column_text][/vc_column][/vc_row]", "<p>Un</p><p>Deux</p>"),
        ('[vc_custom_heading text="A" font_container="tag:h3|x"][vc_separator]', "<h2>A</h2>"),
        ("[vc_raw_html]JTNDcCUzRUElM0MlMkZwJTNF[/vc_raw_html][vc_raw_html]A[/vc_raw_html]", "<p>A</p>"),
        (
            '[vc_btn title="Lire" link="url:https%3A%2F%2Fa.example%2Fb|title:x|"]',
            '<p><a href="https://a.example/b">Lire</a></p>',
        ),
        ('[et_pb_section][et_pb_toggle title="%91Q%93"]R[/et_pb_toggle][/et_pb_section]', "<h2>[Q]</h2><p>R</p>"),
        ('[et_pb_cta title="T" button_text="B" button_url="/c/"]D[/et_pb_cta]', '<h2>T</h2><p><a href="/c/">B</a></p><p>D</p>'),
        ('[video mp4="https://a.example/f.mp4"][/video][audio]', '<p><a href="https://a.example/f.mp4">Vidéo</a></p>'),
        ("[embed]https://youtu.be/x[/embed]", '<p><a href="https://youtu.be/x">https://youtu.be/x</a></p>'),
        ("A [highlight color=&#8221;red&#8221;]B[/highlight] [[gallery]] [inconnu]C[/inconnu]", "<p>A B [gallery]</p><p>C</p>"),
    ],
)
def test_codes_of_builders_leave_what_they_show(content, wanted):
    assert clean(content).html == wanted


def test_codes_that_show_what_is_made_elsewhere_are_named():
    cleaned = clean('Avant [contact-form-7 id="1"] [contact-form-7 id="2"][machin a="1"] après')
    assert cleaned.html == "<p>Avant après</p>"
    assert cleaned.left_out == ("contact-form-7", "machin")


def test_images_become_links_in_their_order():
    cleaned = clean(
        f'[caption id="attachment_5"]<a href="{UP}/a.jpg"><img class="wp-image-5" src="{UP}/a-300x200.jpg" alt="Un  jardin"></a> Au printemps[/caption]'
        f'<a href="/page/"><img src="{UP}/b.png"></a>[gallery ids="7,8"][et_pb_image src="{UP}/c.jpg" alt="C"]'
        '[vc_single_image image="9"][et_pb_gallery gallery_ids="10"][vc_row image="11"]'
    )
    assert cleaned.images[:3] == (Image(f"{UP}/a.jpg", 5, "Un jardin"), Image(f"{UP}/b.png"), Image("", 7))
    assert [image.id for image in cleaned.images[3:]] == [8, 0, 9, 10, 11]
    assert cleaned.html.startswith(f'<p><a href="{UP}/a.jpg">Un jardin</a></p><p>Au printemps</p>')
    assert '<a href="#image-7">Image</a>' in cleaned.html
    assert not cleaned.gallery
    assert clean("[gallery]").gallery


def test_reusable_blocks_are_put_where_they_are_used():
    assert clean('<!-- wp:block {"ref":3} /--><!-- wp:block {"ref":4} /-->', {3: "<p>Commun</p>"}).html == "<p>Commun</p>"


def test_elementor_texts_are_read_when_the_content_is_empty():
    data = (
        '[{"elType":"section","elements":[{"elType":"widget","settings":{"title":"T","header_size":"h2","link":{"url":"/x/"}}},'
        '{"elType":"widget","settings":{"text":"B","link":{"url":"/b/"},"image":{"url":"/i.jpg","alt":"I"}}},'
        '{"elType":"widget","settings":{"text":"Seul","youtube_url":"https://youtu.be/x"}},'
        '{"elType":"widget","settings":{"tabs":[{"tab_title":"O","tab_content":"<p>C</p>"},"x"],"icon_list":[{"text":"L"}]}},'
        '{"elType":"widget","settings":[]},{"elType":"widget","settings":{"editor":"<p>E</p>"}}]}]'
    )
    html = clean(elementor.html_of(data)).html
    assert html == (
        '<h2>T</h2><p><a href="/i.jpg">I</a></p><p><a href="/b/">B</a></p><p>Seul</p><p><a href="https://youtu.be/x">Vidéo</a></p>'
        "<h3>O</h3><p>C</p><p>L</p><p>E</p>"
    )
    assert elementor.html_of("{") == elementor.html_of('"x"') == ""


@given(st.text(alphabet=list("<>/[]=\"'ab p&#\n1!-"), max_size=200) | st.text(max_size=200))
def test_anything_is_cleaned_without_harm_and_once_is_enough(content):
    html = clean(content).html
    assert clean_html(html) == html


def test_a_very_long_content_is_cleaned():
    content = '<p style="margin:0"><span>Été</span> <img src="/a.jpg"></p>\n' * 10_000
    assert len(clean(content).images) == 10_000


def test_a_summary_ends_with_a_sentence():
    assert summary_of("<h2>Titre</h2><p>Court <a href='/x/'>lien</a>.</p>") == "Court lien."
    assert summary_of(f"<p>{'Une phrase assez longue pour compter. ' * 20}</p>").endswith("compter.")
    assert summary_of(f"<p>{'mot ' * 200}</p>").endswith("mot…")


def test_no_content_makes_the_cleaning_slow_nor_stops_it():
    begun = time.process_time()
    for piece in ("<!--[if x]>", "[a ", '[a "', "\u00a0", "/ab", "&nbsp;<br>", "https://", "files/", "<table><tr><td>x", "<b>y"):
        clean(piece * 1_500)
        list(uploads.cited(piece * 1_500, {"site.example"}))
    assert clean("y" + "<div>" * 5_000).html == "<p>y</p>"
    assert time.process_time() - begun < 10
