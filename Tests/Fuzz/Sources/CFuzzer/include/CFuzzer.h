// The way into libFuzzer: the package manager gives the main function of an executable another name, so libFuzzer's own is not found.
#pragma once
