//! Chromium over its debugging pipe: JSON on two file descriptors, no driver in between.

use std::{
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::Duration,
};

use serde_json::{Value, json};

/// How long one answer may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(180);

const NAMES: [&str; 4] =
    ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

/// The browser on this machine, or the one that `BOOK_BROWSER` names.
pub fn find() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("BOOK_BROWSER") {
        return Some(named.into());
    }
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let in_folders = |name: &str| {
        folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file())
    };
    cfg!(unix).then(|| NAMES.into_iter().find_map(in_folders))?
}

/// One tab of a browser of its own.
pub struct Chromium {
    process: Child,
    requests: ChildStdin,
    answers: Receiver<Value>,
    id: u64,
    session: Option<String>,
    /// What the browser reported since the last page was opened.
    pub events: Vec<Value>,
}

impl Chromium {
    /// Starts the browser and opens an empty tab.
    pub fn launch(program: &std::path::Path) -> Self {
        // The browser reads requests on descriptor 3 and writes answers on 4.
        let script = "exec \"$0\" --headless --no-sandbox --disable-gpu --hide-scrollbars \
                      --force-device-scale-factor=1 --allow-file-access-from-files \
                      --remote-debugging-pipe 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null";
        let mut process = Command::new("sh")
            .args(["-c", script])
            .arg(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the browser starts");
        let requests = process.stdin.take().expect("stdin is piped");
        let output = BufReader::new(process.stdout.take().expect("stdout is piped"));
        let answers = listen(output);
        let mut tab = Self {
            process,
            requests,
            answers,
            id: 0,
            session: None,
            events: vec![],
        };
        let target = tab.call("Target.createTarget", &json!({"url": "about:blank"}));
        let wanted = json!({"targetId": target["targetId"], "flatten": true});
        let session = tab.call("Target.attachToTarget", &wanted);
        tab.session = session["sessionId"].as_str().map(String::from);
        for domain in ["Page", "Runtime", "Network", "Log"] {
            tab.call(&format!("{domain}.enable"), &json!({}));
        }
        tab
    }

    fn receive(&self) -> Value {
        self.answers
            .recv_timeout(PATIENCE)
            .expect("the browser answers within a minute")
    }

    /// Calls a method of the DevTools protocol.
    pub fn call(&mut self, method: &str, params: &Value) -> Value {
        self.id += 1;
        let mut request = json!({"id": self.id, "method": method, "params": params});
        if let Some(session) = &self.session {
            request["sessionId"] = json!(session);
        }
        let mut bytes = request.to_string().into_bytes();
        bytes.push(0);
        self.requests.write_all(&bytes).expect("the browser listens");
        loop {
            let mut value = self.receive();
            if value["id"] == json!(self.id) {
                assert!(value["error"].is_null(), "{method}: {}", value["error"]);
                return value["result"].take();
            }
            self.events.push(value);
        }
    }

    /// Opens a page and waits until it is loaded and drawn.
    pub fn open(&mut self, url: &str) {
        self.events.clear();
        let answer = self.call("Page.navigate", &json!({"url": url}));
        assert!(answer["errorText"].is_null(), "{url}: {}", answer["errorText"]);
        let loaded = |event: &Value| event["method"] == "Page.loadEventFired";
        while !self.events.iter().any(loaded) {
            let event = self.receive();
            self.events.push(event);
        }
        self.eval(
            "document.fonts.ready.then(() => new Promise(done => \
             requestAnimationFrame(() => requestAnimationFrame(() => done(0)))))",
        );
    }

    /// The value of an expression in the page.
    pub fn eval(&mut self, script: &str) -> Value {
        let params = json!({"expression": script, "awaitPromise": true, "returnByValue": true});
        let mut answer = self.call("Runtime.evaluate", &params);
        let thrown = &answer["exceptionDetails"];
        assert!(thrown.is_null(), "{script:.80}: {thrown}");
        answer["result"]["value"].take()
    }

    /// Sets the size of the page, and asks it not to move.
    pub fn size(&mut self, width: u32, height: u32) {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        self.call("Emulation.setDeviceMetricsOverride", &size);
        let still = json!([{"name": "prefers-reduced-motion", "value": "reduce"}]);
        self.call("Emulation.setEmulatedMedia", &json!({"features": still}));
    }

    /// Shows the page as on this medium; an empty name is the screen again.
    pub fn medium(&mut self, name: &str) {
        self.call("Emulation.setEmulatedMedia", &json!({"media": name}));
    }

    /// Presses and releases a key.
    pub fn press(&mut self, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            other => panic!("the key {other} has no code here"),
        };
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({
                "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code,
            });
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = json!(text);
            }
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// Presses a key until `condition` holds in the page.
    pub fn press_until(&mut self, key: &str, most: usize, condition: &str) {
        for _ in 0..most {
            self.press(key);
            if self.eval(condition) == true {
                return;
            }
        }
        panic!("{most} times {key} did not lead to: {condition}");
    }

    /// A picture of the whole page as PNG.
    pub fn picture(&mut self) -> Vec<u8> {
        let params = json!({"format": "png", "captureBeyondViewport": true});
        let answer = self.call("Page.captureScreenshot", &params);
        decode(answer["data"].as_str().unwrap_or_default())
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Reads answers on a thread of their own, so that waiting for one can come to an end.
fn listen(mut output: BufReader<ChildStdout>) -> Receiver<Value> {
    let (send, answers) = channel();
    std::thread::spawn(move || {
        let mut message = vec![];
        while output.read_until(0, &mut message).is_ok_and(|length| length > 0) {
            message.pop();
            let Ok(value) = serde_json::from_slice(&message) else {
                return;
            };
            if send.send(value).is_err() {
                return;
            }
            message.clear();
        }
    });
    answers
}

/// Base64, as the protocol sends pictures.
fn decode(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let (mut bits, mut held, mut out) = (0_u32, 0, vec![]);
    for value in text.bytes().filter_map(digit) {
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held & 0xff) as u8);
        }
    }
    out
}
