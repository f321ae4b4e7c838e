using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace ShutdownAnalyzers.HostModel;

/// <summary>
/// The semantic models of the files that are looked at. A model keeps all code that was bound through it, so they are not held for long: of a file that nobody looks at any more nothing remains.
/// </summary>
/// <param name="compilation">The compilation of the files.</param>
/// <param name="shared">For how many files the compiler's own model is asked for.</param>
internal sealed class RecentModels(Compilation compilation, int shared = RecentModels.Shared)
{
    /// <summary>More files than the rules ask about in all but the largest programs.</summary>
    private const int Shared = 256;

    private const int Kept = 16;

    // Roslyn 4.8, which the rules are built against, has the plain way alone, and later ones mark this as experimental: hence by name.
    private static readonly MethodInfo? Unkept = FindUnkept();
    private static readonly object? DisableNullableAnalysis = Unkept is null ? null : Enum.Parse(Unkept.GetParameters()[1].ParameterType, "DisableNullableAnalysis");

    // Weak, and yet one model a file for as long as anybody holds an operation of it: operations of one file can be compared.
    private readonly ConcurrentDictionary<SyntaxTree, WeakReference<SemanticModel>> _models = new();
    private readonly SemanticModel?[] _kept = new SemanticModel?[Kept];
    private int _next;
    private int _asked;

    public SemanticModel Of(SyntaxTree tree)
    {
        var isFirst = false;
        if (!_models.TryGetValue(tree, out var reference))
        {
            var added = new WeakReference<SemanticModel>(null!);
            reference = _models.GetOrAdd(tree, added);
            isFirst = reference == added && Interlocked.Increment(ref _asked) <= shared;
        }

        if (reference.TryGetTarget(out var model))
            return model;

        lock (reference)
        {
            if (!reference.TryGetTarget(out model))
                reference.SetTarget(model = isFirst ? compilation.GetSemanticModel(tree) : New(tree));
        }

        return model;
    }

    // What is bound in the plain way need not be bound again when the compiler comes to the file, and the compiler lets it go when it is done with the file. What is asked for later
    // it keeps to its end, if not without nullable analysis, which no rule needs.
    private SemanticModel New(SyntaxTree tree)
    {
        if (Unkept?.Invoke(compilation, [tree, DisableNullableAnalysis]) is not SemanticModel model)
            return compilation.GetSemanticModel(tree);

        _kept[(uint)Interlocked.Increment(ref _next) % Kept] = model;
        return model;
    }

    private static MethodInfo? FindUnkept()
    {
        var options = typeof(Compilation).Assembly.GetType("Microsoft.CodeAnalysis.SemanticModelOptions");
        return options is not null && Enum.IsDefined(options, "DisableNullableAnalysis")
            ? typeof(Compilation).GetMethod(nameof(Compilation.GetSemanticModel), [typeof(SyntaxTree), options])
            : null;
    }
}
