// The flow in Swift (iOS 15, Swift 5.9): upload by signed URL, edit by token, events, an image to show.
import Foundation

/// Addresses with tokens in them, from the app's own server (server.ts).
struct Session: Decodable {
    let upload: URL
    let edit: URL
}

struct Upload: Decodable {
    let imageId: String
    let url: URL
}

struct Picture: Decodable {
    let url: URL
}

struct Failure: Decodable {
    let code: String
    let detail: String
}

struct Addresses: Decodable {
    let events: URL
    let cancel: URL
}

/// The fields of an edit that the app uses.
struct Edit: Decodable {
    let id: String
    let status: String
    let image: Picture?
    let error: Failure?
    let urls: Addresses
}

struct Progress: Decodable {
    let phase: String
    let step: Int
    let steps: Int
    let etaMs: Double?
}

struct Refused: LocalizedError {
    let errorDescription: String?
}

enum Happening {
    case progress(Progress)
    case ended(Edit)
}

private struct Problem: Decodable {
    let detail: String
}

private let decoder: JSONDecoder = {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
}()

private func check(_ data: Data, _ answer: URLResponse) throws {
    let status = (answer as? HTTPURLResponse)?.statusCode ?? 0
    guard !(200..<300).contains(status) else { return }
    let problem = try? decoder.decode(Problem.self, from: data)
    throw Refused(errorDescription: problem?.detail ?? "The server answered \(status).")
}

private func post<T: Decodable>(_ url: URL, _ body: [String: Any]) async throws -> T {
    var request = URLRequest(url: url)
    request.httpMethod = "POST"
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    request.setValue(UUID().uuidString, forHTTPHeaderField: "Idempotency-Key")
    request.httpBody = try JSONSerialization.data(withJSONObject: body)
    let (data, answer) = try await URLSession.shared.data(for: request)
    try check(data, answer)
    return try decoder.decode(T.self, from: data)
}

/// Uploads a photo and gives its id, which edits name.
func upload(_ jpeg: Data, in session: Session) async throws -> String {
    let announced: [String: Any] = ["content_type": "image/jpeg", "bytes": jpeg.count]
    let target: Upload = try await post(session.upload, announced)
    var request = URLRequest(url: target.url)
    request.httpMethod = "PUT"
    request.setValue("image/jpeg", forHTTPHeaderField: "Content-Type")
    let (data, answer) = try await URLSession.shared.upload(for: request, from: jpeg)
    try check(data, answer)
    return target.imageId
}

/// Asks for an edit; it is accepted at once and made in the background.
func start(image: String, prompt: String, in session: Session) async throws -> Edit {
    try await post(session.edit, ["image": image, "prompt": prompt])
}

/// What happens to an edit, up to its end. A connection that breaks is taken up again after the event seen last.
func follow(_ edit: Edit) -> AsyncThrowingStream<Happening, Error> {
    AsyncThrowingStream { stream in
        let work = Task {
            do {
                try await read(edit.urls.events) { stream.yield($0) }
                stream.finish()
            } catch {
                stream.finish(throwing: error)
            }
        }
        stream.onTermination = { _ in work.cancel() }
    }
}

private func read(_ url: URL, to hear: (Happening) -> Void) async throws {
    var seen: String?
    var silent = 0
    while silent < 5 {
        silent += 1
        var request = URLRequest(url: url)
        request.setValue("text/event-stream", forHTTPHeaderField: "Accept")
        if let seen { request.setValue(seen, forHTTPHeaderField: "Last-Event-ID") }
        do {
            let (bytes, answer) = try await URLSession.shared.bytes(for: request)
            try check(Data(), answer)
            if (answer as? HTTPURLResponse)?.statusCode == 204 { return }
            var event = ""
            // the API writes id and event before the one line of data; `lines` leaves empty lines out
            for try await line in bytes.lines {
                if line.hasPrefix("id: ") { seen = String(line.dropFirst(4)) }
                if line.hasPrefix("event: ") { event = String(line.dropFirst(7)) }
                guard line.hasPrefix("data: ") else { continue }
                silent = 0
                let data = Data(line.dropFirst(6).utf8)
                switch event {
                case "progress": hear(.progress(try decoder.decode(Progress.self, from: data)))
                case "succeeded", "failed", "canceled":
                    hear(.ended(try decoder.decode(Edit.self, from: data)))
                    return
                default: break
                }
            }
        } catch is URLError {
            try Task.checkCancellation()
        }
        try await Task.sleep(nanoseconds: 2_000_000_000)
    }
    throw Refused(errorDescription: "The connection keeps breaking off.")
}

// In SwiftUI, the address that `POST /share` of the app's server gave (`GET /v1/render/{token}`):
//
//     AsyncImage(url: shared) { image in image.resizable().scaledToFit() } placeholder: { ProgressView() }
