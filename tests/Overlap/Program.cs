using ShutdownAnalyzers.Overlap;
using ShutdownAnalyzers.Tests.Framework;

var measurements = new List<Measurement>();
foreach (var rule in RulePage.Ids)
{
    // Deployment files are read by none of the others.
    if (RulePage.Read(rule).Blocks("Bad").Count == 0)
        continue;

    var measurement = await Measurement.OfAsync(rule);
    measurements.Add(measurement);
    Console.WriteLine($"{rule}: {string.Join(' ', measurement.Same)} | elsewhere {string.Join(' ', measurement.Near)} | unrelated {string.Join(' ', measurement.Unrelated)}");

    var page = File.ReadAllText(RulePage.FileOf(rule)).ReplaceLineEndings("\n");
    File.WriteAllText(RulePage.FileOf(rule), OverlapSection.Update(page, measurement));
}

File.WriteAllText(Path.Combine(References.RepositoryRoot, "docs", "overlap.md"), OverlapPage.Of(measurements));

var contradictions = measurements.SelectMany(OverlapSection.Contradictions).ToList();
foreach (var contradiction in contradictions)
    Console.Error.WriteLine(contradiction);
return contradictions.Count == 0 ? 0 : 1;
