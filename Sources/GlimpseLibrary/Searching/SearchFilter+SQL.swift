import GRDB

/// Conditions of SQL that are joined by AND, with their arguments.
struct SQLConditions {
    private(set) var sql: [String] = []
    private(set) var arguments = StatementArguments()

    mutating func add(_ condition: String, _ arguments: StatementArguments = []) {
        sql.append("(\(condition))")
        self.arguments += arguments
    }

    /// One of several conditions must hold.
    mutating func addAny(of alternatives: [String], _ arguments: [StatementArguments]) {
        add(alternatives.joined(separator: " OR "), arguments.reduce([], +))
    }

    var text: String { sql.isEmpty ? "TRUE" : sql.joined(separator: " AND ") }
}

extension SearchFilter {
    /// What must hold of a row of `file`.
    var pathConditions: SQLConditions {
        var conditions = SQLConditions()
        if !under.isEmpty {
            let condition = PathRange.condition(on: "file.path")
            conditions.addAny(
                of: Array(repeating: condition, count: under.count), under.map { PathRange($0).arguments })
        }
        for exclusion in excluded {
            if exclusion.contains(where: { "*?[".contains($0) }) {
                conditions.add("file.path NOT GLOB ?", [exclusion.hasPrefix("/") ? exclusion : "*/" + exclusion])
            } else {
                conditions.add("NOT " + PathRange.condition(on: "file.path"), PathRange(exclusion).arguments)
            }
        }
        return conditions
    }

    /// What must hold of a row of `file` joined with `content`, but for the distance to a place.
    var conditions: SQLConditions {
        var conditions = pathConditions
        if let since {
            conditions.add(
                "CASE WHEN content.capturedAt IS NULL THEN file.modifiedNanoseconds >= ? ELSE content.capturedAt >= ? END",
                [since.fileNanoseconds, since.cameraSeconds])
        }
        if let until {
            conditions.add(
                "CASE WHEN content.capturedAt IS NULL THEN file.modifiedNanoseconds < ? ELSE content.capturedAt < ? END",
                [until.fileNanoseconds, until.cameraSeconds])
        }
        if let camera { conditions.add("instr(lower(content.camera), lower(?)) > 0", [camera]) }
        if let mediaType { conditions.add("content.mediaType = ?", [mediaType.rawValue]) }
        switch orientation {
        case .landscape: conditions.add("content.width > content.height")
        case .portrait: conditions.add("content.width < content.height")
        case .square: conditions.add("content.width = content.height")
        case nil: break
        }
        if let pixelCount {
            conditions.add(
                "content.width * content.height BETWEEN ? AND ?", [pixelCount.lowerBound, pixelCount.upperBound])
        }
        if let byteCount {
            conditions.add("content.byteCount BETWEEN ? AND ?", [byteCount.lowerBound, byteCount.upperBound])
        }
        if near != nil { conditions.add("content.latitude IS NOT NULL AND content.longitude IS NOT NULL") }
        return conditions
    }

    /// The contents that pass.
    ///
    /// - Complexity: O(files).
    func contents(in db: Database) throws -> ContentSelection {
        let conditions = conditions
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT content.id, content.latitude, content.longitude
                FROM file JOIN content ON content.id = file.contentId WHERE \(conditions.text)
                """,
            arguments: conditions.arguments)
        var ids: [Int64] = []
        while let row = try rows.next() {
            if let near {
                guard let point = GeographicPoint(latitude: row[1], longitude: row[2]),
                    point.distance(to: near.center) <= near.radius
                else { continue }
            }
            ids.append(row[0])
        }
        return ContentSelection(ids)
    }
}
