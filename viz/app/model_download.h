// A model on its way from the hub, on a thread of its own.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace vitrine::viz {

class ModelDownload {
   public:
    struct State {
        std::string name;  // "openai-community/gpt2"; empty: none was asked for
        bool running = false;
        bool finished = false;             // it is here, whole
        std::int64_t done = 0, total = 0;  // bytes; a total of 0: not known yet
        std::string problem;               // why it is not here
    };

    /// Begins, or goes on where it was cut. Nothing while another one runs.
    /// @param name  "OWNER/NAME", perhaps with "@revision"
    void begin(const std::string& name);
    /// What has come so far stays for the next time.
    void stop();
    State state() const;

   private:
    void carry_out(const std::string& name, const std::stop_token& stop);

    mutable std::mutex mutex_;
    State state_;
    std::jthread thread_;  // last: it uses everything above
};

}  // namespace vitrine::viz
