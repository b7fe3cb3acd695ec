// swift-tools-version: 6.2
import PackageDescription

/// Feeds damaged files to everything that parses one; a package of its own, because it is built with a fuzzer (see `fuzz.sh`).
let package = Package(
    name: "glimpse-fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "glimpse", path: "../..")],
    targets: [
        .target(name: "CFuzzer"),
        .executableTarget(
            name: "FuzzParsers",
            dependencies: [
                "CFuzzer", .product(name: "GlimpseFormats", package: "glimpse"),
                .product(name: "GlimpseMedia", package: "glimpse"),
                .product(name: "GlimpseModels", package: "glimpse"),
                .product(name: "GlimpseTensor", package: "glimpse"),
                .product(name: "GlimpseText", package: "glimpse"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                // The main function is CFuzzer's.
                .unsafeFlags(["-parse-as-library"]),
            ]),
    ]
)
