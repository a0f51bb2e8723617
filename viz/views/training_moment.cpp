#include "viz/views/training_moment.h"

#include "generate/generate.h"
#include "viz/app/run_model.h"

namespace vitrine::viz {

namespace {

constexpr Index written_tokens = 80;

}  // namespace

std::shared_ptr<const TrainingMoment> training_moment(const std::filesystem::path& folder,
                                                      Index step, const std::string& text,
                                                      std::shared_ptr<const LoadedModel> before,
                                                      const std::stop_token& stop) {
    auto run = std::make_shared<Run>();
    run->model = before && before->folder == folder.string() ? std::move(before)
                                                             : load_with_tokenizer(folder);
    run->text = text;
    encode_text(*run);
    run_model(*run, "fast", stop);
    auto moment = std::make_shared<TrainingMoment>();
    moment->step = step;
    if (!run->encoding.ids.empty() && run->model->language() != nullptr) {
        GenerateOptions options;
        options.max_new_tokens = written_tokens;
        options.sampling.temperature = 0.8F;
        options.sampling.top_p = 0.95F;
        options.sampling.seed = 1;
        moment->written = generate(*run->model->language(), *run->model->tokenizer,
                                   run->encoding.ids, options, {}, fast_parts(), stop)
                              .text;
    }
    moment->run = std::move(run);
    return moment;
}

}  // namespace vitrine::viz
