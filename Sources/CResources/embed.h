#pragma once
#include "CResources.h"

// #embed is C23's, and known to every clang that compiles Swift 6.2.
#pragma clang diagnostic ignored "-Wc23-extensions"

/// The bytes of an array.
#define BYTES(array) {.start = (array), .count = sizeof(array)}
