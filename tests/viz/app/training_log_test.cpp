#include "viz/app/training_log.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace vitrine;
using namespace vitrine::viz;

namespace {

std::string step_line(int step, double loss) {
    return "{\"event\":\"step\",\"step\":" + std::to_string(step) +
           ",\"loss\":" + std::to_string(loss) +
           ",\"learning_rate\":0.001,\"grad_norm\":2.5,\"seconds\":1.5,\"tokens_per_second\":9,"
           "\"grad_norms\":{\"blocks.0\":1,\"blocks.10\":3,\"blocks.2\":2,\"embed\":4,"
           "\"ln_final\":5}}\n";
}

TrainingLog read(std::string text) {
    TrainingLog log;
    read_training_log(text, log);
    return log;
}

}  // namespace

TEST_CASE("training log: every event is read, layers stand in the order of the model") {
    const TrainingLog log = read(
        "{\"event\":\"data\",\"training\":{\"documents\":3,\"bytes\":70,\"tokens\":20}}\n"
        "{\"event\":\"start\",\"step\":0,\"steps\":40,\"parameters\":99,\"training_tokens\":20}\n" +
        step_line(10, 3.5) +
        "{\"event\":\"detail\",\"step\":10,\"groups\":[{\"name\":\"embed\",\"weights\":{"
        "\"largest\":"
        "0.5,\"counts\":[1,2,3]},\"gradients\":{\"largest\":0.1,\"counts\":[4,5,6]}}]}\n"
        "{\"event\":\"validation\",\"step\":10,\"loss\":3.25,\"bits_per_byte\":2.5}\n"
        "{\"event\":\"checkpoint\",\"step\":10,\"folder\":\"step-00000010\"}\n"
        "{\"event\":\"sample\",\"step\":10,\"prompt\":\"The king\",\"text\":\" of\"}\n"
        "{\"event\":\"end\",\"step\":40,\"seconds\":2}\n");
    CHECK(log.documents == 3);
    CHECK(log.total_steps == 40);
    CHECK(log.parameters == 99);
    CHECK(log.groups ==
          std::vector<std::string>{"embed", "blocks.0", "blocks.2", "blocks.10", "ln_final"});
    REQUIRE(log.steps.size() == 1);
    CHECK(log.steps[0].grad_norms == std::vector<Real>{4, 1, 2, 3, 5});
    CHECK(log.steps[0].loss == 3.5F);
    REQUIRE(log.details.size() == 1);
    CHECK(log.details[0].groups[0].gradients.counts == std::vector<Index>{4, 5, 6});
    CHECK(log.validations[0].bits_per_byte == 2.5F);
    CHECK(log.samples[0].text == " of");
    CHECK(log.ended);
    CHECK(log.broken_lines == 0);
}

TEST_CASE("training log: half a line waits for its end, a broken one is skipped and counted") {
    TrainingLog log;
    const std::string whole = step_line(10, 3.5);
    std::string text = whole.substr(0, 30);
    read_training_log(text, log);
    CHECK(log.steps.empty());
    CHECK(text.size() == 30);
    text += whole.substr(30) + "{\"event\":\"step\",\"st\n\xff\xfe\n[1]\n7\n{\"event\":3}\n" +
            "{\"event\":\"step\",\"step\":\"x\",\"loss\":null,\"grad_norms\":7}\n" +
            step_line(20, 3.0).substr(0, 12);
    read_training_log(text, log);
    REQUIRE(log.steps.size() == 2);
    CHECK(log.steps[0].loss == 3.5F);
    CHECK(std::isnan(log.steps[1].loss));
    CHECK(log.broken_lines == 4);
    CHECK(text == step_line(20, 3.0).substr(0, 12));
}

TEST_CASE("training log: a start at a step forgets what was logged after it, and the end") {
    const TrainingLog log =
        read(step_line(10, 3) + step_line(20, 2) + "{\"event\":\"end\",\"step\":20}\n" +
             "{\"event\":\"start\",\"step\":10,\"steps\":30}\n" + step_line(20, 1));
    REQUIRE(log.steps.size() == 2);
    CHECK(log.steps[1].loss == 1);
    CHECK_FALSE(log.ended);
}

TEST_CASE("training curves: a point a line, validation between its points, gaps where NaN stood") {
    const TrainingCurves curves =
        curves_of(read("{\"event\":\"start\",\"step\":0,\"steps\":50}\n" + step_line(10, 5) +
                       "{\"event\":\"step\",\"step\":20,\"loss\":null}\n" + step_line(30, 3) +
                       step_line(40, 2) + "{\"event\":\"validation\",\"step\":10,\"loss\":4}\n" +
                       "{\"event\":\"validation\",\"step\":40,\"loss\":1}\n"));
    CHECK(curves.stride == 10);
    CHECK(curves.points == 5);
    CHECK(curves.point_of(10) == 0);
    CHECK(curves.point_of(41) == 4);
    REQUIRE(curves.loss.size() == 4);
    CHECK(curves.loss[0] == 5);
    CHECK(std::isnan(curves.loss[1]));
    // A straight line from 4 to 1 over three points: 1 each.
    CHECK(curves.validation == std::vector<Real>{4, 3, 2, 1});
    CHECK(curves.loss_low <= 1.0F);
    CHECK(curves.loss_high >= 5.0F);
}

TEST_CASE("training curves: a long run has means of neighbours") {
    std::string text = "{\"event\":\"start\",\"step\":0,\"steps\":8}\n";
    for (int i = 1; i <= 8; ++i) text += step_line(i, i);
    const TrainingCurves curves = curves_of(read(text), 4);
    CHECK(curves.stride == 2);
    CHECK(curves.loss == std::vector<Real>{1.5F, 3.5F, 5.5F, 7.5F});
    CHECK(curves_of(TrainingLog{}).points == 0);
}

TEST_CASE("training log: the newest entry until a step") {
    const TrainingLog log = read(step_line(10, 3) + step_line(20, 2));
    CHECK(newest_until(log.steps, 9) == nullptr);
    CHECK(newest_until(log.steps, 10)->step == 10);
    CHECK(newest_until(log.steps, 99)->step == 20);
}
