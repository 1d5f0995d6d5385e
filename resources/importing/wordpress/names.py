"""The names that WordPress, its extensions and page builders give to what they make: codes, elements, sorts of contents."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Beginnings of the codes of page builders: they lay out, what they contain is kept.
BUILDERS = ("vc_", "et_pb_", "fusion_", "av_", "cs_", "mk_", "nectar_", "us_", "ux_", "kc_", "su_", "tatsu_", "ct_")
LAYOUT = _words(
    """
    row column columns col section one_half one_third two_third two_thirds one_fourth three_fourth one_half_last
    one_third_last two_third_last one_fourth_last three_fourth_last full_width container clear clearfix divider separator
    spacer hr toggle toggles tab tabs tabgroup accordion accordions panel box note button buttons list quote pullquote
    heading title text_block
    """
)
WITHIN_TEXT = _words("highlight dropcap tooltip abbr icon su_highlight su_dropcap fusion_highlight")
# Codes that show what is made elsewhere: forms, sliders, lists of posts.
DYNAMIC = _words(
    """
    contact-form-7 contact-form gravityform gravityforms ninja_form ninja_forms wpforms formidable mc4wp_form mailpoet_form
    newsletter rev_slider layerslider smartslider3 masterslider metaslider et_pb_contact_form et_pb_contact_field et_pb_blog
    et_pb_signup et_pb_sidebar et_pb_map et_pb_map_pin et_pb_search et_pb_login et_pb_social_media_follow
    et_pb_social_media_follow_network vc_basic_grid vc_posts_slider vc_gmaps vc_facebook vc_tweetmeme vc_wp_search
    vc_wp_posts vc_masonry_grid fusion_blog fusion_map wp_sitemap_page playlist tablepress wpdm_package tribe_events
    display-posts instagram-feed elementor-template
    """
)
# Elements of HTML left with all they contain, and those that begin a paragraph.
DROPPED = _words(
    """
    script style svg noscript template form input button select textarea label head title meta link object math canvas map
    """
)
PARAGRAPHS = _words(
    """
    p div section article aside header footer main nav figure figcaption address dl dt dd center fieldset details pre hr
    hgroup body html
    """
)
SETTINGS = _words(
    """
    custom_css customize_changeset oembed_cache user_request wp_template wp_template_part wp_global_styles wp_navigation
    wp_font_family wp_font_face acf-field acf-field-group acf-post-type acf-taxonomy elementor_library elementor_font
    elementor_icons elementor_snippet e-landing-page et_pb_layout et_template et_theme_builder et_header_layout
    et_body_layout et_footer_layout vc_grid_item vc4_templates fusion_template fusion_element fusion_icons
    avada_portfolio_layout jp_img_sitemap jp_mem_plan rank_math_schema custom_js amp_validated_url itsec-dashboard
    """
)
FORMS = _words("wpcf7_contact_form wpforms mc4wp-form feedback flamingo_inbound nf_sub formidable mailpoet_page")
EVENTS = _words(
    """
    tribe_events tribe_venue tribe_organizer event event_listing event-recurring ai1ec_event mec-events ajde_events em_event
    tribe-ea-record
    """
)
SHOPS_AND_FORUMS = _words("product product_variation shop_order shop_coupon forum topic reply bp-email")
# Types of contents that do not come, and why.
TECHNICAL = {
    "revision": "Ancienne version d’un contenu : seule la dernière est reprise.",
    "nav_menu_item": "Ligne d’un menu de l’ancien site : les menus ne sont pas repris.",
    "wp_block": "Bloc réutilisable : repris dans les textes qui l’emploient.",
    **dict.fromkeys(SETTINGS, "Réglage de l’ancien site ou de sa mise en page : il n’a pas d’usage ici."),
    **dict.fromkeys(FORMS, "Formulaire de l’ancien site ou réponses à un formulaire : ils ne sont pas repris."),
    **dict.fromkeys(EVENTS, "Événement : apportez le calendrier de l’ancien site en ICS, par l’import d’événements."),
    **dict.fromkeys(SHOPS_AND_FORUMS, "Boutique ou forum de l’ancien site : ils ne sont pas repris."),
}
