#include "viz/views/merges.h"

#include <algorithm>
#include <cstdio>

#include "tensor/error.h"
#include "viz/views/merges_parts.h"
#include "viz/views/states.h"
#include "viz/widgets/controls.h"
#include "viz/widgets/tooltip.h"
#include "viz/widgets/visible_text.h"

namespace vitrine::viz {

namespace {

constexpr float seconds_per_merge = 0.5F;

std::string shown(const std::string& raw) {
    return displayable(visible_text(raw));
}

void heading(const Theme& theme, const char* text) {
    ImGui::PushFont(theme.fonts.bold);
    ImGui::TextUnformatted(text);
    ImGui::PopFont();
}

Index cost(const Tokenizer* tokenizer, const char* sentence) {
    if (tokenizer == nullptr) return -1;
    try {
        return static_cast<Index>(tokenizer->encode(sentence, false).ids.size());
    } catch (const Error&) {
        return -1;
    }
}

void refresh(ViewContext& context, MergesMemory& memory) {
    const Run& run = *context.run;
    const bool other = !memory.made || memory.text != run.text;
    if (other) {
        memory.made = true;
        memory.text = run.text;
        memory.training = CorpusTraining(run.text);
        memory.merges_done = std::min(memory.training.merges(), 3);
        memory.labels_of = -1;
        memory.playing = false;
    }
    if (!other && memory.counted && memory.model == run.model && memory.second == context.second) {
        return;
    }
    memory.model = run.model;
    memory.second = context.second;
    memory.counted = true;
    for (std::size_t i = 0; i < 2; ++i) {
        const char* sentence = cost_sentences()[i];
        const auto own = chapters::encode(sentence, memory.training.rules());
        memory.costs[i] = {cost(run.model ? run.model->tokenizer.get() : nullptr, sentence),
                           cost(context.second.get(), sentence), static_cast<Index>(own.size())};
    }
}

void play(ViewContext& context, MergesMemory& memory) {
    if (!memory.playing) return;
    memory.since_step += ImGui::GetIO().DeltaTime;
    while (memory.since_step >= seconds_per_merge) {
        memory.since_step -= seconds_per_merge;
        memory.merges_done = std::min(memory.merges_done + 1, memory.training.merges());
    }
    memory.playing = memory.merges_done < memory.training.merges();
    context.wishes.animate = memory.playing;
}

void draw_buttons(ViewContext& context, MergesMemory& memory) {
    const Theme& theme = context.theme;
    const int merges = memory.training.merges();
    int& done = memory.merges_done;
    if (action_button(theme, memory.playing ? context.say("Pause", "잠깐 멈춤")
                                            : context.say("Play", "재생"))) {
        if (!memory.playing && done >= merges) done = 0;
        memory.playing = !memory.playing;
        memory.since_step = 0.0F;
    }
    ImGui::SameLine(0.0F, 1.5F * theme.unit);
    if (action_button(theme, "‹##back", false, done > 0)) --done;
    ImGui::SameLine(0.0F, 1.5F * theme.unit);
    if (action_button(theme, "›##on", false, done < merges)) ++done;
    ImGui::SameLine(0.0F, 2.0F * theme.unit);
    ImGui::SetNextItemWidth(std::max(30.0F * theme.unit, ImGui::GetContentRegionAvail().x));
    if (ImGui::SliderInt("##merges", &done, 0, merges, context.say("merge %d", "병합 %d번"),
                         ImGuiSliderFlags_AlwaysClamp)) {
        memory.playing = false;
    }
    done = std::clamp(done, 0, merges);
}

/// "merge 3: th + e → the, 4 times; 57 tokens"
std::string rule_sentence(const ViewContext& context, const MergesMemory& memory) {
    const CorpusTraining& training = memory.training;
    const int done = memory.merges_done;
    const std::string tokens = count_text(static_cast<Index>(training.after(done).ids.size()));
    const bool korean = context.language == Language::korean;
    if (done == 0) {
        return korean ? "아직 합치지 않았어요. 바이트 하나가 토큰 하나예요. 토큰 " + tokens + "개"
                      : "Nothing is joined yet: every byte is a token. " + tokens + " tokens";
    }
    const chapters::Pair rule = training.rules()[static_cast<std::size_t>(done - 1)];
    const std::string left = training.bytes(rule.first), right = training.bytes(rule.second);
    const std::string pair = shown(left) + " + " + shown(right) + " → " + shown(left + right);
    const std::string count = std::to_string(training.after(done - 1).best.front().count);
    return korean ? pair + "   (" + count + "번 나왔어요)   토큰 " + tokens + "개"
                  : pair + "   (it stood there " + count + " times)   " + tokens + " tokens";
}

void draw_corpus(ViewContext& context, MergesMemory& memory) {
    const Theme& theme = context.theme;
    if (memory.labels_of != memory.merges_done) {
        memory.labels_of = memory.merges_done;
        memory.labels.clear();
        memory.colours.clear();
        for (const int id : memory.training.after(memory.merges_done).ids) {
            memory.labels.push_back(shown(memory.training.bytes(id)));
            memory.colours.push_back(id);  // one tint a token, wherever it stands
        }
    }
    ChipsInput input;
    input.id = "corpus";
    input.labels = memory.labels;
    input.colours = &memory.colours;
    input.font = theme.fonts.small;
    input.width = ImGui::GetContentRegionAvail().x;
    const ChipsAnswer answer = draw_chips(theme, input, memory.chips);
    const auto& ids = memory.training.after(memory.merges_done).ids;
    if (answer.seen < 0 || answer.seen >= static_cast<Index>(ids.size())) return;
    const int id = ids[static_cast<std::size_t>(answer.seen)];
    begin_card_at(theme, {answer.low.x, answer.high.y + theme.unit});
    card_heading(theme, shown(memory.training.bytes(id)));
    card_row(theme, context.say("Token", "토큰"), std::to_string(id), 20.0F * theme.unit);
    card_row(theme, context.say("Bytes", "바이트"), hex_bytes(memory.training.bytes(id)),
             20.0F * theme.unit);
    end_card();
}

/// The pairs the next merge chooses from; a click on the winner carries it out.
void draw_pairs(ViewContext& context, MergesMemory& memory, float width) {
    const Theme& theme = context.theme;
    const TrainingStep& step = memory.training.after(memory.merges_done);
    heading(theme, context.say("Which pair is next?", "다음에 합칠 짝은?"));
    if (step.best.empty()) {
        explain(theme, context.say("There are no pairs.", "짝이 없어요."));
        return;
    }
    std::vector<Bar> bars;
    for (const PairCount& pair : step.best) {
        Bar bar;
        bar.label = shown(memory.training.bytes(pair.pair.first)) + " + " +
                    shown(memory.training.bytes(pair.pair.second));
        bar.value = pair.count;
        bar.number = std::to_string(pair.count);
        bar.strong = bars.empty() && memory.merges_done < memory.training.merges();
        bars.push_back(bar);
    }
    BarsInput input;
    input.id = "pairs";
    input.bars = bars;
    input.width = width;
    input.row = 6.0F * theme.unit;
    input.full = step.best.front().count;
    input.label_title = context.say("pair", "짝");
    input.number_title = context.say("times", "횟수");
    const BarsAnswer answer = draw_bars(theme, input, memory.pairs);
    if (answer.clicked == 0 && memory.merges_done < memory.training.merges()) ++memory.merges_done;
}

void draw_costs(ViewContext& context, MergesMemory& memory, float width) {
    const Theme& theme = context.theme;
    heading(theme, context.say("What does a sentence cost?", "문장 하나에 토큰이 몇 개 들까요?"));
    explain(theme, context.say("“Your rules” are all the merges learnt from the box, to the last.",
                               "‘위의 규칙’은 상자 속 글에서 끝까지 배운 병합 모두예요."));
    const std::array<std::string, 3> names = {memory.model ? memory.model->name : std::string(),
                                              context.second_name,
                                              context.say("your rules", "위의 규칙")};
    Index most = 1;
    for (const auto& costs : memory.costs)
        most = std::max(most, *std::max_element(costs.begin(), costs.end()));
    for (std::size_t i = 0; i < 2; ++i) {
        explain(theme, cost_sentences()[i]);
        std::vector<Bar> bars;
        for (std::size_t k = 0; k < 3; ++k) {
            if (memory.costs[i][k] < 0) continue;
            Bar bar;
            bar.label = names[k];
            bar.value = static_cast<double>(memory.costs[i][k]);
            bar.number = std::to_string(memory.costs[i][k]);
            bars.push_back(bar);
        }
        BarsInput input;
        input.id = i == 0 ? "english" : "korean";
        input.bars = bars;
        input.width = width;
        input.row = 6.0F * theme.unit;
        input.full = static_cast<double>(most);
        input.label_title = context.say("tokenizer", "토크나이저");
        input.number_title = context.say("tokens", "토큰");
        draw_bars(theme, input, memory.bars[i]);
    }
}

}  // namespace

const std::array<const char*, 2>& cost_sentences() {
    static const std::array<const char*, 2> sentences = {"The king gave his daughter a book.",
                                                         "왕은 딸에게 책을 한 권 주었어요."};
    return sentences;
}

void draw_merges(ViewContext& context) {
    const Theme& theme = context.theme;
    if (draw_without_run(context)) return;
    MergesMemory& memory = context.memory.of<MergesMemory>();
    refresh(context, memory);
    explain(theme, context.say("The text in the box is the corpus. Each merge joins the pair that "
                               "stands there most often. Write your own text and watch which pairs "
                               "win. These are the rules of chapter 01, learnt just now.",
                               "상자 속의 글이 말뭉치예요. 병합할 때마다 가장 자주 나온 짝을 "
                               "합쳐요. 글을 바꿔 쓰고 어떤 짝이 뽑히는지 보세요. 1장의 코드가 "
                               "방금 배운 규칙이에요."));
    if (memory.training.cut()) {
        explain(theme, context.say("The text is long: only its first 1,200 bytes are used.",
                                   "글이 길어서 앞의 1,200바이트만 썼어요."));
    }
    play(context, memory);
    draw_buttons(context, memory);
    ImGui::TextUnformatted(rule_sentence(context, memory).c_str());
    ImGui::Dummy({0.0F, 0.5F * theme.unit});
    draw_corpus(context, memory);
    ImGui::Dummy({0.0F, 2.0F * theme.unit});
    const float room = ImGui::GetContentRegionAvail().x, gap = 6.0F * theme.unit;
    const bool narrow = room < 150.0F * theme.unit;
    const float width = narrow ? room : 0.5F * (room - gap);
    const float left = ImGui::GetCursorPosX();
    const float top = ImGui::GetCursorPosY();
    ImGui::BeginGroup();
    ImGui::PushTextWrapPos(left + width);
    draw_pairs(context, memory, width);
    ImGui::PopTextWrapPos();
    ImGui::EndGroup();
    if (!narrow) ImGui::SetCursorPos({left + width + gap, top});
    ImGui::BeginGroup();
    draw_costs(context, memory, width);
    ImGui::EndGroup();
}

}  // namespace vitrine::viz
