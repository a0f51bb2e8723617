#include <doctest/doctest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "cli/run_program.h"
#include "golden.h"
#include "io/assets.h"
#include "io/json.h"
#include "scratch_folder.h"
#include "text/utf8.h"

using namespace vitrine;
using namespace vitrine::test;
using nlohmann::json;

namespace {

const std::string gpt2 = fixture("models/gpt2");

std::string listed(const json& ids) {
    std::string text;
    for (const json& id : ids) text += (text.empty() ? "" : ",") + id.dump();
    return text;
}

json generate(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "generate");
    arguments.push_back("--json");
    const Finished run = run_vitrine(arguments);
    REQUIRE_MESSAGE(run.status == 0, run.error);
    return json::parse(run.out);
}

void check_failure(const Finished& run, int status, const std::string& part) {
    INFO(run.error);
    CHECK(run.status == status);
    CHECK(run.out.empty());
    CHECK(std::count(run.error.begin(), run.error.end(), '\n') == 1);
    CHECK(run.error.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("vitrine generate: greedy, penalties and beams give transformers' ids") {
    const json golden = read_json(gpt2 + "/generate.json");
    const std::string prompt = listed(golden["prompt"]);
    const std::pair<const char*, std::vector<std::string>> runs[] = {
        {"greedy", {}},
        {"greedy_repetition_penalty_1.3", {"--repetition-penalty", "1.3"}},
        {"greedy_no_repeat_ngram_3", {"--no-repeat-ngram", "3"}},
        {"beam2", {"--beams", "2"}},
        {"beam4", {"--beams", "4"}}};
    for (const auto& [name, more] : runs) {
        const auto& label = name;  // clang 14 captures no bindings
        INFO(label);
        std::vector<std::string> arguments{
            "--model",
            gpt2,
            "--ids",
            prompt,
            "--temperature",
            "0",
            "--ignore-eos",
            "--max-new-tokens",
            std::to_string(golden[name].size() - golden["prompt"].size())};
        arguments.insert(arguments.end(), more.begin(), more.end());
        CHECK(generate(arguments)["ids"] == golden[name]);
    }
}

TEST_CASE("vitrine generate: the start token comes in front of a text, unless told otherwise") {
    const std::vector<std::string> one{"--prompt", "Once upon a time", "--max-new-tokens",
                                       "1",        "--temperature",    "0"};
    const json with = generate(one);
    std::vector<std::string> no_bos = one;
    no_bos.push_back("--no-bos");
    const json without = generate(no_bos);
    CHECK(with["ids"][0] == 0);
    CHECK(with["ids"].size() == without["ids"].size() + 1);
    CHECK(with["ids"][1] == without["ids"][0]);
    const json verbatim = generate({"--ids", "5,9", "--max-new-tokens", "0"});
    CHECK(verbatim["ids"] == json({5, 9}));
    CHECK(verbatim["text"] == "");
    CHECK(verbatim["finish"] == "length");
    std::vector<std::string> marked = one;
    marked[1] = "<|endoftext|>Once upon a time";  // it is there already
    CHECK(generate(marked)["ids"] == with["ids"]);
}

TEST_CASE("vitrine generate: the streamed text is the text of the JSON, in both languages") {
    for (const std::string prompt : {"Once upon a time", "Q: 오늘 뭐 해?\nA:"}) {
        const std::vector<std::string> options{"generate", "--prompt", prompt, "--max-new-tokens",
                                               "24",       "--seed",   "3",    "--temperature",
                                               "0.9",      "--top-k",  "50",   "--top-p",
                                               "0.95"};
        const Finished streamed = run_vitrine(options);
        REQUIRE(streamed.status == 0);
        std::vector<std::string> as_json = options;
        as_json.push_back("--json");
        const json result = json::parse(run_vitrine(as_json).out);
        CHECK(streamed.out == result["text"].get<std::string>() + "\n");
        CHECK(result["tokens_per_second"].get<double>() > 0);
    }
}

TEST_CASE("vitrine generate: a stop text ends it and is not shown; standard input is a prompt") {
    const Finished run =
        run_vitrine({"generate", "--prompt", "-", "--temperature", "0", "--max-new-tokens", "40",
                     "--stop", "nothing like it", "--stop", "very excited"},
                    "Once upon a time there was a little girl");
    CHECK(run.status == 0);
    CHECK(run.out == " named Sue. She was \n");
}

TEST_CASE("vitrine generate: Ctrl-C ends the run cleanly, with what was made so far") {
    const std::string program = std::string(VITRINE_BINARY_DIR) + "/bin/vitrine";
    std::vector<std::string> arguments{
        program,    "generate",         "--prompt", "Once upon a time", "--seed", "1", "--parts",
        "chapters", "--max-new-tokens", "250",      "--ignore-eos"};
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    pid_t child = 0;
    REQUIRE(posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);

    std::string out(1, '\0');
    REQUIRE(read(ends[0], out.data(), 1) == 1);  // the first text came: now it is interrupted
    kill(child, SIGINT);
    char buffer[4096];
    for (ssize_t n = 0; (n = read(ends[0], buffer, sizeof buffer)) > 0;) {
        out.append(buffer, static_cast<std::size_t>(n));
    }
    close(ends[0]);
    int state = 0;
    waitpid(child, &state, 0);
    REQUIRE(WIFEXITED(state));                                      // it was not killed
    CHECK((WEXITSTATUS(state) == 130 || WEXITSTATUS(state) == 0));  // 0: it was through already
    CHECK(out.back() == '\n');
    CHECK(first_invalid_byte(out) == std::string_view::npos);
}

TEST_CASE("vitrine generate --chat: what a user says, in the model's template") {
    const ScratchFolder folder;
    for (const auto& file : std::filesystem::directory_iterator(bundled_model_folder()))
        std::filesystem::create_symlink(file.path(), folder.path() / file.path().filename());
    const auto run = [&](std::vector<std::string> more) {
        std::vector<std::string> words{
            "generate", "--model", folder.path().string(), "--temperature", "0", "--max-new-tokens",
            "5",        "--json"};
        words.insert(words.end(), more.begin(), more.end());
        return run_vitrine(words);
    };
    const auto without = run({"--prompt", "안녕하세요", "--chat"});
    CHECK(without.status == 1);
    CHECK(without.error.find("chat_template") != std::string::npos);
    folder.write("tokenizer_config.json", R"({"bos_token": "<|endoftext|>", "chat_template":
        "{{ bos_token }}{% for m in messages %}{{ m.role[0] }}: {{ m.content }}\n{% endfor %}A:"})");
    const auto chat = run({"--prompt", "안녕하세요", "--chat", "--system", "Be kind."});
    CHECK(chat.error == "");
    const auto plain = run({"--prompt", "s: Be kind.\nu: 안녕하세요\nA:"});
    CHECK(json::parse(chat.out)["ids"] == json::parse(plain.out)["ids"]);
    CHECK(run({"--prompt", "x", "--system", "alone"}).status == 2);
}

TEST_CASE("vitrine generate: what is wrong is one line") {
    const auto run = [](std::vector<std::string> more) {
        more.insert(more.begin(), {"generate", "--model", gpt2});
        return run_vitrine(more);
    };
    check_failure(run({}), 2, "--prompt or --ids");
    check_failure(run({"--prompt", "a", "--ids", "1"}), 2, "excludes");
    check_failure(run({"--ids", "1", "--temperature", "hot"}), 2, "--temperature");
    check_failure(run({"--ids", "1", "--temperature", "-1"}), 1, "temperature");
    check_failure(run({"--ids", "1", "--top-p", "0"}), 1, "top-p");
    check_failure(run({"--ids", "1", "--beams", "0"}), 1, "beams");
    check_failure(run({"--ids", "1", "--max-new-tokens", "-1"}), 1, "max-new-tokens");
    check_failure(run({"--ids", "1", "--stop", ""}), 1, "stop text");
    check_failure(run({"--ids", "640"}), 1, "got 640");
    check_failure(run({"--ids", ","}), 1, "--ids");
    check_failure(run({"--ids", ""}), 1, "at least one token");
    check_failure(run({"--prompt", "", "--no-bos"}), 1, "at least one token");
    check_failure(run({"--prompt", "\xff"}), 1, "0xff");
    std::string many = "1";
    for (int i = 0; i < 64; ++i) many += ",1";
    check_failure(run({"--ids", many}), 1, "at most 64 tokens");
    check_failure(run({"--ids", many, "--beams", "2"}), 1, "at most 64 tokens");
    check_failure(run_vitrine({"generate", "--prompt", "a", "--model", "/nowhere"}), 1, "/nowhere");
}
