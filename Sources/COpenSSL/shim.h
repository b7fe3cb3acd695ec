// The digests of OpenSSL's libcrypto, for systems without CryptoKit.
#pragma once
#include <openssl/evp.h>
