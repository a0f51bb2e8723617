#include "viz/app/character_run.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "chapters/runner/places.h"
#include "chapters/runner/process.h"
#include "io/json.h"

namespace vitrine::viz {

void read_log(std::string& text, CharacterLog& log) {
    std::size_t begin = 0;
    for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
        const auto event = nlohmann::json::parse(text.substr(begin, end - begin), nullptr, false);
        if (!event.is_object()) continue;
        log.steps = event.value("steps", log.steps);
        log.parameters = event.value("parameters", log.parameters);
        log.done = event.value("done", log.done);
        log.seconds = event.value("seconds", log.seconds);
        if (event.contains("loss")) {  // NaN and infinity are null in JSON
            const auto& loss = event["loss"];
            log.losses.push_back(loss.is_number() ? loss.get<Real>() : Real(NAN));
        }
        if (!event.contains("sample")) continue;
        log.sample = event.value("sample", std::string());
        log.sample_step = event.value("step", Index{-1});
    }
    text.erase(0, begin);
}

std::vector<Real> smoothed(const std::vector<Real>& losses) {
    constexpr std::size_t most = 50;
    std::vector<Real> result;
    double sum = 0;
    for (std::size_t i = 0; i < losses.size(); ++i) {
        sum += static_cast<double>(losses[i]);
        if (i >= most) sum -= static_cast<double>(losses[i - most]);
        result.push_back(static_cast<Real>(sum / static_cast<double>(std::min(i + 1, most))));
    }
    return result;
}

CharacterRun::CharacterRun(const std::string& parts, Index steps)
    : thread_([this, parts, steps](const std::stop_token& stop) {
          runner::Finished finished;
          std::string problem;
          try {
              finished = runner::run_process(
                  {runner::places().program.string(), "characters", "--parts", parts, "--steps",
                   std::to_string(steps), "--log", file("log.jsonl").string(), "--pause",
                   file("pause").string()},
                  {}, [&] { return !stop.stop_requested(); });
              if (finished.exit_status != 0 && !finished.killed)
                  problem = last_words(finished.output);
          } catch (const std::exception& failure) {
              problem = failure.what();
          }
          const std::lock_guard lock(mutex_);
          problem_ = problem;
          running_ = false;
      }) {}

CharacterRun::~CharacterRun() {
    thread_.request_stop();
    thread_.join();
}

void CharacterRun::pause(bool paused) {
    paused_ = paused;
    std::error_code ignored;
    if (paused) {
        std::ofstream(file("pause")).flush();
    } else {
        std::filesystem::remove(file("pause"), ignored);
    }
}

bool CharacterRun::take() {
    std::ifstream stream(file("log.jsonl"), std::ios::binary);
    if (!stream.seekg(read_)) return false;
    const std::string more{std::istreambuf_iterator<char>(stream), {}};
    if (more.empty()) return false;
    read_ += static_cast<std::streamoff>(more.size());
    unread_ += more;
    read_log(unread_, log_);
    return true;
}

std::string CharacterRun::problem() const {
    const std::lock_guard lock(mutex_);
    return problem_;
}

}  // namespace vitrine::viz
