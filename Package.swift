// swift-tools-version: 6.2
import PackageDescription

/// One settings array for every Swift target: strict visibility, so that what a file uses is what it imports.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// On Linux the command carries Swift's own libraries: it starts in half the time, and runs where no Swift is installed.
/// The libraries after the flag are those that Foundation's static archives need.
let commandLinkerSettings: [LinkerSetting] =
    [.unsafeFlags(["-static-stdlib", "-use-ld=lld"], .when(platforms: [.linux]))]
    + ["CoreFoundation", "_FoundationICU", "_FoundationCShims", "_FoundationCollections"].map {
        .linkedLibrary($0, .when(platforms: [.linux]))
    }

// Where to find the headers of libvips. On Linux the library itself is opened when the first picture is decoded, and not linked;
// its headers stand beside the system's and need GLib's.
#if os(Linux)
    let vipsHeaders = "gobject-2.0"
#else
    let vipsHeaders = "vips"
#endif

/// The kernels are compiled with optimisation in every configuration that measures or tests numbers (release);
/// no library needs unsafe flags, so the package can be a dependency of any other.
let package = Package(
    name: "glimpse",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "GlimpseTensor", targets: ["GlimpseTensor"]),
        .library(name: "GlimpseFormats", targets: ["GlimpseFormats"]),
        .library(name: "GlimpseText", targets: ["GlimpseText"]),
        .library(name: "GlimpseMedia", targets: ["GlimpseMedia"]),
        .library(name: "GlimpseHub", targets: ["GlimpseHub"]),
        .library(name: "GlimpseModels", targets: ["GlimpseModels"]),
        .library(name: "GlimpseLibrary", targets: ["GlimpseLibrary"]),
        .library(name: "GlimpseTasks", targets: ["GlimpseTasks"]),
        .library(name: "GlimpseServer", targets: ["GlimpseServer"]),
        .executable(name: "glimpse", targets: ["glimpse"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: ["FullFoundation"]),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        .target(name: "CKernels"),
        .systemLibrary(
            name: "CVipsHeaders", pkgConfig: vipsHeaders, providers: [.apt(["libvips-dev"]), .brew(["vips"])]),
        .target(name: "CVips", dependencies: ["CVipsHeaders"]),
        .target(name: "CFiles"),
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(
            name: "GlimpseDigest",
            // Apple's systems have CryptoKit.
            dependencies: [.target(name: "COpenSSL", condition: .when(platforms: [.linux]))], swiftSettings: settings),
        // Files that the program carries; they stand beside what uses them.
        .target(name: "CResources"),
        .target(name: "GlimpseResources", dependencies: ["CResources"], swiftSettings: settings),
        .target(name: "GlimpseTensor", dependencies: ["CKernels"], swiftSettings: settings),
        .target(name: "GlimpseFormats", dependencies: ["CZlib"], swiftSettings: settings),
        .target(
            name: "GlimpseText", dependencies: ["GlimpseFormats", "GlimpseResources"],
            exclude: ["Resources"],
            swiftSettings: settings),
        .target(name: "GlimpseMedia", dependencies: ["CKernels", "CVips"], swiftSettings: settings),
        .target(
            name: "GlimpseHub",
            dependencies: [
                "GlimpseFormats",
                .product(name: "AsyncHTTPClient", package: "async-http-client"), "GlimpseDigest",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings),
        .target(
            name: "GlimpseModels",
            dependencies: [
                "GlimpseTensor", "GlimpseFormats", "GlimpseText", "GlimpseMedia", "GlimpseDigest",
                "GlimpseResources",
            ],
            exclude: ["Resources"],
            swiftSettings: settings),
        .target(
            name: "GlimpseLibrary",
            dependencies: [
                "CKernels", "GlimpseModels", "GlimpseDigest",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .target(
            name: "GlimpseTasks",
            dependencies: [
                "CFiles", "CKernels", "GlimpseFormats", "GlimpseLibrary", "GlimpseMedia", "GlimpseModels",
                "GlimpseTensor", "GlimpseDigest", "GlimpseResources",
            ],
            exclude: ["Resources"],
            swiftSettings: settings),
        .target(
            name: "GlimpseServer",
            dependencies: [
                "GlimpseDigest", "GlimpseFormats", "GlimpseLibrary", "GlimpseMedia", "GlimpseModels",
                "GlimpseResources", "GlimpseTasks", "GlimpseTensor",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            exclude: ["Resources"], swiftSettings: settings),
        .executableTarget(
            name: "glimpse",
            dependencies: [
                "GlimpseFormats", "GlimpseHub", "GlimpseLibrary", "GlimpseMedia", "GlimpseModels", "GlimpseServer",
                "GlimpseTasks",
                "GlimpseTensor", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings, linkerSettings: commandLinkerSettings),
        .target(
            name: "TestSupport",
            dependencies: ["GlimpseFormats", "GlimpseMedia", "GlimpseModels", "GlimpseTensor"],
            path: "Tests/TestSupport", swiftSettings: settings),
        .target(
            name: "TestServer",
            dependencies: [
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Tests/TestServer", swiftSettings: settings),
        .testTarget(name: "GlimpseDigestTests", dependencies: ["GlimpseDigest"], swiftSettings: settings),
        .testTarget(
            name: "CKernelsTests", dependencies: ["CKernels", "GlimpseTensor"], swiftSettings: settings),
        .testTarget(
            name: "GlimpseTensorTests", dependencies: ["GlimpseTensor", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "GlimpseFormatsTests", dependencies: ["GlimpseFormats", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "GlimpseTextTests", dependencies: ["GlimpseText", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "GlimpseMediaTests", dependencies: ["CKernels", "GlimpseMedia", "TestSupport"],
            swiftSettings: settings),
        .testTarget(
            name: "GlimpseHubTests",
            dependencies: [
                "GlimpseHub", "GlimpseDigest", "TestServer", "TestSupport",
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "GlimpseModelsTests",
            dependencies: [
                "GlimpseFormats", "GlimpseMedia", "GlimpseModels", "GlimpseTensor", "GlimpseText", "TestSupport",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "GlimpseLibraryTests",
            dependencies: [
                "GlimpseLibrary", "GlimpseModels", "GlimpseTensor", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "GlimpseTasksTests",
            dependencies: [
                "CFiles", "GlimpseFormats", "GlimpseLibrary", "GlimpseMedia", "GlimpseModels", "GlimpseTasks",
                "GlimpseTensor", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "GlimpseServerTests",
            dependencies: [
                "GlimpseFormats", "GlimpseLibrary", "GlimpseMedia", "GlimpseModels", "GlimpseResources",
                "GlimpseServer", "GlimpseTasks", "GlimpseTensor", "TestServer", "TestSupport",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "GlimpseFormats", "GlimpseMedia", "GlimpseTensor", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings),
    ]
)
