// swift-tools-version: 6.2
import PackageDescription

/// Measures Glimpse beside what else runs the same models; a package of its own, so that Glimpse's users do not fetch it.
let package = Package(
    name: "glimpse-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "glimpse", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .executableTarget(
            name: "CompareWithPeers",
            dependencies: [
                .product(name: "GlimpseLibrary", package: "glimpse"),
                .product(name: "GlimpseMedia", package: "glimpse"),
                .product(name: "GlimpseModels", package: "glimpse"),
                .product(name: "GlimpseTasks", package: "glimpse"),
                .product(name: "GlimpseTensor", package: "glimpse"),
                .product(name: "GlimpseText", package: "glimpse"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
            ])
    ]
)
