import { fetch } from "expo/fetch";
import { File } from "expo-file-system";
import { launchImageLibraryAsync } from "expo-image-picker";
import { useState } from "react";
import { Alert, Button, Image, Share, StyleSheet, Text, TextInput, View } from "react-native";
import { follow, type Session, start, upload } from "./flow";

/** Your own server (server.ts). It has the key; this app has none. */
const SIGNER = process.env.EXPO_PUBLIC_SIGNER ?? "http://127.0.0.1:3000";

/** What the server of the app answers to a POST. */
async function ask<T>(path: string, body: unknown = {}): Promise<T> {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`${SIGNER}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`The app's server answered ${answer.status}.`);
  return answer.json() as Promise<T>;
}

/** Choose a portrait, say what it should show, watch it come, share it. */
export default function App() {
  const [prompt, setPrompt] = useState("a person wearing glasses");
  const [photo, setPhoto] = useState<{ uri: string; id: string }>();
  const [picture, setPicture] = useState<string>();
  const [status, setStatus] = useState("");

  async function choose() {
    const { assets } = await launchImageLibraryAsync({ mediaTypes: ["images"], quality: 0.9 });
    const [asset] = assets ?? [];
    if (asset === undefined) return;
    setStatus("uploading …");
    const session = await ask<Session>("/session");
    const bytes = await new File(asset.uri).bytes();
    const id = await upload(fetch, session, { bytes, type: asset.mimeType ?? "image/jpeg" });
    setPhoto({ uri: asset.uri, id });
    setPicture(asset.uri);
    setStatus("");
  }

  async function edit(image: string) {
    setStatus("asking …");
    const accepted = await start(fetch, await ask<Session>("/session"), { image, prompt });
    for await (const { event, data } of follow(fetch, accepted)) {
      if (event === "queued") setStatus(`place ${data.position} in the queue`);
      if (event === "progress")
        setStatus(data.eta_ms === null ? data.phase : `${Math.ceil(data.eta_ms / 1000)} s left`);
      if (event === "preview") setPicture(data.url);
      if (event === "failed") throw new Error(data.error?.detail ?? "The edit failed.");
      if (event === "succeeded") setPicture(data.image?.url);
    }
    setStatus("");
  }

  /** The address of the edit as an image: it is made when somebody first looks at it. */
  async function share(image: string) {
    const { url } = await ask<{ url: string }>("/share", { image, prompt });
    setPicture(url);
    await Share.share({ message: url });
  }

  /** Shows what went wrong in words. */
  const shown = (work: () => Promise<void>) => () =>
    work().catch((error: Error) => {
      setStatus("");
      Alert.alert("That did not work", error.message);
    });

  return (
    <View style={styles.screen}>
      <Button title="Choose a portrait" onPress={shown(choose)} />
      {picture && <Image source={{ uri: picture }} style={styles.picture} accessibilityLabel={prompt} />}
      <TextInput
        value={prompt}
        onChangeText={setPrompt}
        maxLength={500}
        style={styles.prompt}
        accessibilityLabel="What the portrait should show"
      />
      {photo && <Button title="Edit" onPress={shown(() => edit(photo.id))} />}
      {photo && <Button title="Share" onPress={shown(() => share(photo.id))} />}
      <Text accessibilityLiveRegion="polite">{status}</Text>
    </View>
  );
}

const styles = StyleSheet.create({
  screen: { flex: 1, gap: 12, paddingHorizontal: 16, paddingTop: 64 },
  picture: { width: "100%", aspectRatio: 1, resizeMode: "contain" },
  prompt: { borderWidth: 1, borderRadius: 8, padding: 12 },
});
