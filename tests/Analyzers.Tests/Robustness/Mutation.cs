using System.Collections.Immutable;

namespace ShutdownAnalyzers.Tests.Robustness;

/// <summary>One changed file. Seed and number alone decide what it is, so that it can be made again.</summary>
/// <param name="Number">Which of the run's mutations.</param>
/// <param name="Subject">What was changed.</param>
/// <param name="Text">The text after it.</param>
/// <param name="Changes">What was done to it.</param>
/// <param name="Kind">The project that it is compiled in: at times another than the subject's own.</param>
internal sealed record Mutation(int Number, Subject Subject, string Text, string Changes, SubjectKind Kind)
{
    /// <summary>Every so many mutations the file is made large: that takes a hundred times as long, and is there to find what is slow.</summary>
    public const int LargeEvery = 100;

    public static Mutation Make(ImmutableArray<Subject> subjects, int seed, int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var isLarge = number % LargeEvery == 0;
        // A repository has far more sources than deployment files.
        var wantsSource = random.Next(4) > 0;
        var subject = Pick(subjects, random, wantsSource);
        var donor = Pick(subjects, random, wantsSource);
        var kind = random.Next(10) == 0 ? (SubjectKind)random.Next(3) : subject.Kind;
        if (!subject.IsSource)
            return new(number, subject, FileMutations.Apply(subject.Read(), donor.Read(), isLarge, random), "lines", kind);

        var (text, names) = SourceMutations.Apply(subject.Read(), donor.Read(), isLarge, random);
        return new(number, subject, text, names, kind);
    }

    public override string ToString() => $"mutation {Number} of {Subject.Name} ({Changes})";

    private static Subject Pick(ImmutableArray<Subject> subjects, Random random, bool wantsSource)
    {
        while (true)
        {
            var subject = subjects[random.Next(subjects.Length)];
            if (subject.IsSource == wantsSource)
                return subject;
        }
    }
}
