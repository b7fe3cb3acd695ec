// The server's page. A test holds the list against the folder.
#include "embed.h"

static const unsigned char app_js[] = {
#embed "../GlimpseServer/Resources/web/app.js"
};
static const unsigned char busy_js[] = {
#embed "../GlimpseServer/Resources/web/busy.js"
};
static const unsigned char client_js[] = {
#embed "../GlimpseServer/Resources/web/client.js"
};
static const unsigned char confirmation_js[] = {
#embed "../GlimpseServer/Resources/web/confirmation.js"
};
static const unsigned char controls_js[] = {
#embed "../GlimpseServer/Resources/web/controls.js"
};
static const unsigned char dropped_pictures_js[] = {
#embed "../GlimpseServer/Resources/web/dropped-pictures.js"
};
static const unsigned char duplicate_choice_js[] = {
#embed "../GlimpseServer/Resources/web/duplicate-choice.js"
};
static const unsigned char duplicate_group_js[] = {
#embed "../GlimpseServer/Resources/web/duplicate-group.js"
};
static const unsigned char duplicate_settings_js[] = {
#embed "../GlimpseServer/Resources/web/duplicate-settings.js"
};
static const unsigned char duplicates_view_js[] = {
#embed "../GlimpseServer/Resources/web/duplicates-view.js"
};
static const unsigned char duplicates_css[] = {
#embed "../GlimpseServer/Resources/web/duplicates.css"
};
static const unsigned char elements_js[] = {
#embed "../GlimpseServer/Resources/web/elements.js"
};
static const unsigned char example_image_js[] = {
#embed "../GlimpseServer/Resources/web/example-image.js"
};
static const unsigned char favicon_svg[] = {
#embed "../GlimpseServer/Resources/web/favicon.svg"
};
static const unsigned char filter_panel_js[] = {
#embed "../GlimpseServer/Resources/web/filter-panel.js"
};
static const unsigned char filters_js[] = {
#embed "../GlimpseServer/Resources/web/filters.js"
};
static const unsigned char format_js[] = {
#embed "../GlimpseServer/Resources/web/format.js"
};
static const unsigned char grid_navigation_js[] = {
#embed "../GlimpseServer/Resources/web/grid-navigation.js"
};
static const unsigned char header_css[] = {
#embed "../GlimpseServer/Resources/web/header.css"
};
static const unsigned char health_js[] = {
#embed "../GlimpseServer/Resources/web/health.js"
};
static const unsigned char icons_js[] = {
#embed "../GlimpseServer/Resources/web/icons.js"
};
static const unsigned char index_html[] = {
#embed "../GlimpseServer/Resources/web/index.html"
};
static const unsigned char indexing_panel_js[] = {
#embed "../GlimpseServer/Resources/web/indexing-panel.js"
};
static const unsigned char label_scores_js[] = {
#embed "../GlimpseServer/Resources/web/label-scores.js"
};
static const unsigned char library_events_js[] = {
#embed "../GlimpseServer/Resources/web/library-events.js"
};
static const unsigned char library_status_js[] = {
#embed "../GlimpseServer/Resources/web/library-status.js"
};
static const unsigned char library_view_js[] = {
#embed "../GlimpseServer/Resources/web/library-view.js"
};
static const unsigned char library_css[] = {
#embed "../GlimpseServer/Resources/web/library.css"
};
static const unsigned char models_view_js[] = {
#embed "../GlimpseServer/Resources/web/models-view.js"
};
static const unsigned char notices_js[] = {
#embed "../GlimpseServer/Resources/web/notices.js"
};
static const unsigned char photo_facts_js[] = {
#embed "../GlimpseServer/Resources/web/photo-facts.js"
};
static const unsigned char photo_view_js[] = {
#embed "../GlimpseServer/Resources/web/photo-view.js"
};
static const unsigned char photo_css[] = {
#embed "../GlimpseServer/Resources/web/photo.css"
};
static const unsigned char picture_grid_js[] = {
#embed "../GlimpseServer/Resources/web/picture-grid.js"
};
static const unsigned char picture_sequence_js[] = {
#embed "../GlimpseServer/Resources/web/picture-sequence.js"
};
static const unsigned char pictures_css[] = {
#embed "../GlimpseServer/Resources/web/pictures.css"
};
static const unsigned char queries_js[] = {
#embed "../GlimpseServer/Resources/web/queries.js"
};
static const unsigned char read_only_hint_js[] = {
#embed "../GlimpseServer/Resources/web/read-only-hint.js"
};
static const unsigned char results_view_js[] = {
#embed "../GlimpseServer/Resources/web/results-view.js"
};
static const unsigned char router_js[] = {
#embed "../GlimpseServer/Resources/web/router.js"
};
static const unsigned char search_bar_js[] = {
#embed "../GlimpseServer/Resources/web/search-bar.js"
};
static const unsigned char session_js[] = {
#embed "../GlimpseServer/Resources/web/session.js"
};
static const unsigned char similar_strip_js[] = {
#embed "../GlimpseServer/Resources/web/similar-strip.js"
};
static const unsigned char storage_js[] = {
#embed "../GlimpseServer/Resources/web/storage.js"
};
static const unsigned char style_css[] = {
#embed "../GlimpseServer/Resources/web/style.css"
};
static const unsigned char thumbnails_js[] = {
#embed "../GlimpseServer/Resources/web/thumbnails.js"
};
static const unsigned char tiers_js[] = {
#embed "../GlimpseServer/Resources/web/tiers.js"
};

static const cr_page_file page[] = {
    {"/app.js", BYTES(app_js)},
    {"/busy.js", BYTES(busy_js)},
    {"/client.js", BYTES(client_js)},
    {"/confirmation.js", BYTES(confirmation_js)},
    {"/controls.js", BYTES(controls_js)},
    {"/dropped-pictures.js", BYTES(dropped_pictures_js)},
    {"/duplicate-choice.js", BYTES(duplicate_choice_js)},
    {"/duplicate-group.js", BYTES(duplicate_group_js)},
    {"/duplicate-settings.js", BYTES(duplicate_settings_js)},
    {"/duplicates-view.js", BYTES(duplicates_view_js)},
    {"/duplicates.css", BYTES(duplicates_css)},
    {"/elements.js", BYTES(elements_js)},
    {"/example-image.js", BYTES(example_image_js)},
    {"/favicon.svg", BYTES(favicon_svg)},
    {"/filter-panel.js", BYTES(filter_panel_js)},
    {"/filters.js", BYTES(filters_js)},
    {"/format.js", BYTES(format_js)},
    {"/grid-navigation.js", BYTES(grid_navigation_js)},
    {"/header.css", BYTES(header_css)},
    {"/health.js", BYTES(health_js)},
    {"/icons.js", BYTES(icons_js)},
    {"/index.html", BYTES(index_html)},
    {"/indexing-panel.js", BYTES(indexing_panel_js)},
    {"/label-scores.js", BYTES(label_scores_js)},
    {"/library-events.js", BYTES(library_events_js)},
    {"/library-status.js", BYTES(library_status_js)},
    {"/library-view.js", BYTES(library_view_js)},
    {"/library.css", BYTES(library_css)},
    {"/models-view.js", BYTES(models_view_js)},
    {"/notices.js", BYTES(notices_js)},
    {"/photo-facts.js", BYTES(photo_facts_js)},
    {"/photo-view.js", BYTES(photo_view_js)},
    {"/photo.css", BYTES(photo_css)},
    {"/picture-grid.js", BYTES(picture_grid_js)},
    {"/picture-sequence.js", BYTES(picture_sequence_js)},
    {"/pictures.css", BYTES(pictures_css)},
    {"/queries.js", BYTES(queries_js)},
    {"/read-only-hint.js", BYTES(read_only_hint_js)},
    {"/results-view.js", BYTES(results_view_js)},
    {"/router.js", BYTES(router_js)},
    {"/search-bar.js", BYTES(search_bar_js)},
    {"/session.js", BYTES(session_js)},
    {"/similar-strip.js", BYTES(similar_strip_js)},
    {"/storage.js", BYTES(storage_js)},
    {"/style.css", BYTES(style_css)},
    {"/thumbnails.js", BYTES(thumbnails_js)},
    {"/tiers.js", BYTES(tiers_js)},
};

size_t cr_page_file_count(void) {
    return sizeof page / sizeof *page;
}

cr_page_file cr_page_file_at(size_t index) {
    return page[index];
}
