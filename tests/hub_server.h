// A Hugging Face hub in the test's own process: its paths on one port, and on another one a CDN
// that large files are redirected to. Faults can be planted in both.
#pragma once

#include <doctest/doctest.h>
#include <httplib.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include <functional>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "io/json.h"

namespace vitrine::test {

inline std::string digest(const EVP_MD* kind, const std::string& bytes) {
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(bytes.data(), bytes.size(), sum, &size, kind, nullptr);
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        char pair[3];
        std::snprintf(pair, sizeof pair, "%02x", sum[i]);
        text += pair;
    }
    return text;
}

/// A request as a server saw it.
struct Seen {
    bool cdn = false;
    std::string method, path, authorization, range;
};

class HubServer {
   public:
    using Act = std::function<void(const httplib::Request&, httplib::Response&)>;

    explicit HubServer(std::string name = "someone/tiny") : model(std::move(name)) {
        ::setenv("no_proxy", "*", 1);
        const auto start = [this](httplib::Server& server, bool cdn) {
            const auto answer = [this, cdn](const httplib::Request& request,
                                            httplib::Response& response) {
                handle(cdn, request, response);
            };
            server.Get(".*", answer);
            return server.bind_to_any_port("127.0.0.1");
        };
        hub_port_ = start(hub_, false);
        cdn_port_ = start(cdn_, true);
        hub_thread_ = std::thread([this] { hub_.listen_after_bind(); });
        cdn_thread_ = std::thread([this] { cdn_.listen_after_bind(); });
        while (!hub_.is_running() || !cdn_.is_running()) std::this_thread::yield();
    }
    ~HubServer() {
        hub_.stop();
        cdn_.stop();
        hub_thread_.join();
        cdn_thread_.join();
    }
    HubServer(const HubServer&) = delete;
    HubServer& operator=(const HubServer&) = delete;

    std::string model;
    std::string commit = "0123456789abcdef0123456789abcdef01234567";
    std::string revision = "main";
    std::map<std::string, std::string> files;  // *.safetensors are large ones
    bool gated = false;                        // files need a token

    /// Has the model in a folder.
    void hold(const std::string& folder) {
        for (const char* file : {"config.json", "model.safetensors", "tokenizer.json"})
            files[file] = read_file(folder + "/" + file, 100U << 20U);
    }

    std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(hub_port_); }
    std::string cdn() const { return "http://127.0.0.1:" + std::to_string(cdn_port_); }

    /// Lets the next `times` requests whose "METHOD path" contains `part` be answered by `act`.
    void plant(const std::string& part, int times, Act act) {
        const std::lock_guard lock(mutex_);
        faults_.push_back({part, times, std::move(act)});
    }
    /// ... with a status and a header.
    void plant(const std::string& part, int times, int status,
               const std::pair<std::string, std::string>& header = {}) {
        plant(part, times, [=](const httplib::Request&, httplib::Response& response) {
            response.status = status;
            if (!header.first.empty()) response.set_header(header.first, header.second);
        });
    }
    /// ... with a file that ends when `upto` bytes of it are there.
    void plant_cut(const std::string& part, int times, const std::string& file, std::size_t upto) {
        const std::string bytes = files.at(file);
        plant(part, times, [=](const httplib::Request&, httplib::Response& response) {
            response.set_content_provider(
                bytes.size(), "application/octet-stream",
                [=](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
                    if (offset >= upto) return false;
                    return sink.write(bytes.data() + offset, std::min(length, upto - offset));
                });
        });
    }

    std::vector<Seen> seen() {
        const std::lock_guard lock(mutex_);
        return seen_;
    }
    /// How many requests had this in "METHOD path".
    int count(const std::string& part) {
        int found = 0;
        for (const Seen& request : seen()) {
            found += (request.method + " " + request.path).find(part) != std::string::npos;
        }
        return found;
    }
    void forget() {
        const std::lock_guard lock(mutex_);
        seen_.clear();
    }

    static bool is_large(const std::string& file) { return file.ends_with(".safetensors"); }
    /// SHA-256 of a large file, what `git hash-object` says of a small one.
    std::string etag(const std::string& file) const {
        const std::string& bytes = files.at(file);
        if (is_large(file)) return digest(EVP_sha256(), bytes);
        return digest(EVP_sha1(), "blob " + std::to_string(bytes.size()) + '\0' + bytes);
    }

   private:
    struct Fault {
        std::string part;
        int times;
        Act act;
    };

    void handle(bool cdn, const httplib::Request& request, httplib::Response& response) {
        const std::string line = request.method + " " + request.path;
        Act act;
        {
            const std::lock_guard lock(mutex_);
            seen_.push_back({cdn, request.method, request.path,
                             request.get_header_value("Authorization"),
                             request.get_header_value("Range")});
            for (Fault& fault : faults_) {
                if (fault.times == 0 || line.find(fault.part) == std::string::npos) continue;
                --fault.times;
                act = fault.act;
                break;
            }
        }
        if (act) return act(request, response);
        std::string path = request.path;
        if (path.starts_with(this->cdn())) cdn = true;
        if (path.starts_with("http://")) path.erase(0, path.find('/', 7));  // as to a proxy
        if (cdn) return give(path.substr(path.find('/', 1) + 1), response);
        const std::string api = "/api/models/" + model + "/revision/";
        const std::string resolve = "/" + model + "/resolve/" + commit + "/";
        if (path.starts_with(api)) {
            list(path.substr(api.size()), response);
        } else if (path.starts_with(resolve)) {
            this->resolve(path.substr(resolve.size()), request, response);
        } else {
            fail(404, "RepoNotFound", response);
        }
    }

    static void fail(int status, const std::string& code, httplib::Response& response) {
        response.status = status;
        response.set_header("X-Error-Code", code);
    }

    void list(const std::string& wanted, httplib::Response& response) const {
        if (wanted != revision && wanted != commit) return fail(404, "RevisionNotFound", response);
        nlohmann::json all = {{"id", model}, {"sha", commit}};
        for (const auto& [name, bytes] : files) all["siblings"].push_back({{"rfilename", name}});
        response.set_content(all.dump(), "application/json");
    }

    void resolve(const std::string& file, const httplib::Request& request,
                 httplib::Response& response) const {
        if (gated && request.get_header_value("Authorization") != "Bearer hf_secret") {
            return fail(401, "GatedRepo", response);
        }
        if (!files.contains(file)) return fail(404, "EntryNotFound", response);
        response.set_header("X-Repo-Commit", commit);
        if (!is_large(file)) {
            response.set_header("ETag", "\"" + etag(file) + "\"");
            return give(file, response);
        }
        response.set_header("X-Linked-Etag", "\"" + etag(file) + "\"");
        response.set_header("X-Linked-Size", std::to_string(files.at(file).size()));
        response.set_redirect(cdn() + "/signed/" + file + "?Signature=abc", 302);
    }

    void give(const std::string& file, httplib::Response& response) const {
        response.set_content(files.at(file), "application/octet-stream");
    }

    httplib::Server hub_, cdn_;
    int hub_port_ = 0, cdn_port_ = 0;
    std::thread hub_thread_, cdn_thread_;
    std::mutex mutex_;
    std::vector<Fault> faults_;
    std::vector<Seen> seen_;
};

}  // namespace vitrine::test
