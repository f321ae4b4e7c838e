namespace ShutdownAnalyzers.Benchmarks;

internal static class Median
{
    /// <summary>The median, and the bounds between which it lies with 95 % confidence whatever the values' distribution: by their ranks.</summary>
    public static (double Value, double From, double To) Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        int half = (int)Math.Ceiling(1.96 * Math.Sqrt(sorted.Length) / 2), middle = sorted.Length / 2;
        return (sorted[middle], sorted[Math.Max(0, middle - half)], sorted[Math.Min(sorted.Length - 1, middle + half)]);
    }
}
