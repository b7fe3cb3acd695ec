#include "embed.h"

static const unsigned char architectures[] = {
#embed "../GlimpseModels/Resources/architectures.json"
};

static const unsigned char catalogue[] = {
#embed "../GlimpseModels/Resources/catalogue.json"
};

static const unsigned char clip_merges[] = {
#embed "../GlimpseText/Resources/clip-merges.bin"
};

static const unsigned char html_entities[] = {
#embed "../GlimpseText/Resources/html-entities.tsv"
};

static const unsigned char imagenet_classes[] = {
#embed "../GlimpseModels/Resources/imagenet1k.tsv"
};

static const unsigned char lite_notice[] = {
#embed "../GlimpseModels/Resources/lite-notice.txt"
};

static const unsigned char openapi[] = {
#embed "../GlimpseServer/Resources/openapi.json"
};

static const unsigned char presence_references[] = {
#embed "../GlimpseTasks/Resources/presence-references.txt"
};

static const unsigned char prompt_templates[] = {
#embed "../GlimpseTasks/Resources/prompt-templates.json"
};

static const unsigned char reference_vectors[] = {
#embed "../GlimpseModels/Resources/references.json"
};

#define HAND_OUT(file) \
    cr_bytes cr_##file(void) { return (cr_bytes)BYTES(file); }

HAND_OUT(architectures)
HAND_OUT(catalogue)
HAND_OUT(clip_merges)
HAND_OUT(html_entities)
HAND_OUT(imagenet_classes)
HAND_OUT(lite_notice)
HAND_OUT(openapi)
HAND_OUT(presence_references)
HAND_OUT(prompt_templates)
HAND_OUT(reference_vectors)
