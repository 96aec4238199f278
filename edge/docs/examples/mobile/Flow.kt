// The flow in Kotlin (Android, OkHttp 5 with okhttp-sse, coroutines): upload by signed URL, edit by token, events, an image.
package com.example.sculptor

import java.io.IOException
import java.util.UUID
import java.util.concurrent.TimeUnit
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.withContext
import okhttp3.MediaType.Companion.toMediaType
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody
import okhttp3.RequestBody.Companion.toRequestBody
import okhttp3.Response
import okhttp3.sse.EventSource
import okhttp3.sse.EventSourceListener
import okhttp3.sse.EventSources
import org.json.JSONObject

/** Addresses with tokens in them, from the app's own server (server.ts). */
data class Session(val upload: String, val edit: String)

/** An event of an edit: `queued`, `started`, `progress`, `preview`, then `succeeded`, `failed` or `canceled`. */
data class Happening(val id: String?, val name: String, val data: JSONObject)

private val json = "application/json".toMediaType()
private val ends = setOf("succeeded", "failed", "canceled")

class Sculptor(private val http: OkHttpClient = OkHttpClient()) {
    // a heartbeat comes every fifteen seconds: what is silent for three of them is broken
    private val streams = EventSources.createFactory(http.newBuilder().readTimeout(45, TimeUnit.SECONDS).build())

    /** Uploads a photo and gives its id, which edits name. */
    suspend fun upload(session: Session, jpeg: ByteArray): String {
        val announced = JSONObject().put("content_type", "image/jpeg").put("bytes", jpeg.size)
        val target = JSONObject(post(session.upload, announced))
        val body = jpeg.toRequestBody("image/jpeg".toMediaType())
        send(Request.Builder().url(target.getString("url")).put(body).build())
        return target.getString("image_id")
    }

    /** Asks for an edit; it is accepted at once and made in the background. */
    suspend fun start(session: Session, image: String, prompt: String): JSONObject =
        JSONObject(post(session.edit, JSONObject().put("image", image).put("prompt", prompt)))

    /** What happens to an edit, up to its end. A connection that breaks is taken up again after the event seen last. */
    fun follow(edit: JSONObject): Flow<Happening> = flow {
        val url = edit.getJSONObject("urls").getString("events")
        var seen: String? = null
        var ended = false
        var silent = 0
        while (!ended) {
            if (++silent > 5) throw IOException("The connection keeps breaking off.")
            connection(url, seen).collect { happening ->
                seen = happening.id ?: seen
                silent = 0
                emit(happening)
                ended = happening.name in ends
            }
            if (!ended) delay(2_000)
        }
    }

    /** The events of one connection, however it ends; what the server refuses is thrown. */
    private fun connection(url: String, seen: String?): Flow<Happening> = callbackFlow {
        val request = Request.Builder().url(url)
        if (seen != null) request.header("Last-Event-ID", seen)
        val source = streams.newEventSource(request.build(), object : EventSourceListener() {
            override fun onEvent(eventSource: EventSource, id: String?, type: String?, data: String) {
                trySendBlocking(Happening(id, type ?: "message", JSONObject(data)))
            }

            override fun onClosed(eventSource: EventSource) {
                close()
            }

            override fun onFailure(eventSource: EventSource, t: Throwable?, response: Response?) {
                close(if (response != null && !response.isSuccessful) IOException(response.refusal()) else null)
            }
        })
        awaitClose { source.cancel() }
    }

    private suspend fun post(url: String, body: JSONObject): String {
        val sent: RequestBody = body.toString().toRequestBody(json)
        val key = UUID.randomUUID().toString()
        return send(Request.Builder().url(url).header("Idempotency-Key", key).post(sent).build())
    }

    private suspend fun send(request: Request): String = withContext(Dispatchers.IO) {
        http.newCall(request).execute().use { answer ->
            if (!answer.isSuccessful) throw IOException(answer.refusal())
            answer.body.string()
        }
    }
}

/** What a problem document (RFC 9457) says, in a sentence. */
private fun Response.refusal(): String =
    runCatching { JSONObject(body.string()).getString("detail") }.getOrDefault("The server answered $code.")

// In Compose, with Coil, the address that `POST /share` of the app's server gave (`GET /v1/render/{token}`):
//
//     AsyncImage(model = shared, contentDescription = prompt)
