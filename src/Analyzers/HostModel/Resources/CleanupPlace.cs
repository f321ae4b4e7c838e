using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ShutdownAnalyzers.HostModel;

/// <summary>A place where a cleanup handler for a field, or for a local of the entry point, can be registered. It travels to the fix in a diagnostic's properties and its first additional location.</summary>
/// <param name="After">The statement that it can stand after.</param>
/// <param name="Through">The host's local, whose container knows <c>IGracefulShutdown</c>; or that service itself.</param>
/// <param name="Variable">How the variable is written there.</param>
/// <param name="IsInConstructor">Whether the place is in the constructor of the field's class, where the service is injected.</param>
/// <param name="MayBeNull">Whether the variable is declared to be null at times.</param>
internal sealed record CleanupPlace(SyntaxNode After, string Through, string Variable, bool IsInConstructor, bool MayBeNull)
{
    /// <summary>The property that says how <c>IGracefulShutdown</c> is reached.</summary>
    public const string ThroughFact = "through";

    /// <summary>The property that holds how the variable is written.</summary>
    public const string VariableFact = "variable";

    /// <summary>The property that is there where the place is in a constructor.</summary>
    public const string ConstructorFact = "constructor";

    /// <summary>The property that is there where the variable may be null.</summary>
    public const string NullFact = "null";

    /// <summary>The properties for the fix.</summary>
    public ImmutableDictionary<string, string?> AddTo(ImmutableDictionary<string, string?> facts)
    {
        facts = facts.SetItem(ThroughFact, Through).SetItem(VariableFact, Variable);
        if (IsInConstructor)
            facts = facts.SetItem(ConstructorFact, "true");
        return MayBeNull ? facts.SetItem(NullFact, "true") : facts;
    }

    public static CleanupPlace? For(HostFacts host, ISymbol variable) =>
        !host.Types.Has(KnownType.IGracefulShutdown) ? null
        : variable is ILocalSymbol || variable.IsStatic ? AfterBuild(host, variable)
        : InConstructor(host, variable);

    private static bool IsNullable(ISymbol variable) => variable switch
    {
        IFieldSymbol field => field.NullableAnnotation == NullableAnnotation.Annotated,
        IPropertySymbol property => property.NullableAnnotation == NullableAnnotation.Annotated,
        _ => false,
    };

    /// <summary><c>var app = builder.Build();</c> in the entry point, of a host that has the drain sequence; or below it where the local is declared later.</summary>
    private static CleanupPlace? AfterBuild(HostFacts host, ISymbol variable)
    {
        if (!host.Drain.IsRegistered || host.EntryPoint is not { } entryPoint)
            return null;

        CleanupPlace? place = null;
        foreach (var build in host.Builds.All)
        {
            if (!build.IsRun
                || Values.WalkUp(build.Call).Parent is not IVariableInitializerOperation { Parent: IVariableDeclaratorOperation { Symbol: var local, Syntax: VariableDeclaratorSyntax declarator } }
                || !SymbolEqualityComparer.Default.Equals(local.ContainingSymbol, entryPoint)
                || declarator.Parent?.Parent is not LocalDeclarationStatementSyntax { Parent: GlobalStatementSyntax or BlockSyntax } statement
                || StatementBefore(statement, variable) is not { } after
                || WrittenIn(host, entryPoint, variable, statement) is not { } written)
            {
                continue;
            }

            // Two hosts: it can't be told whose end the variable should see.
            if (place is not null)
                return null;

            place = new(after, local.Name, written, IsInConstructor: false, IsNullable(variable));
        }

        return place;
    }

    /// <summary>The later of the host's statement and the local's, where both are of one block.</summary>
    private static SyntaxNode? StatementBefore(StatementSyntax host, ISymbol variable)
    {
        if (variable is not ILocalSymbol)
            return host;

        if (variable.DeclaringSyntaxReferences is not [var reference]
            || reference.GetSyntax() is not VariableDeclaratorSyntax { Initializer: not null, Parent.Parent: LocalDeclarationStatementSyntax declaration }
            || BlockOf(declaration) != BlockOf(host))
        {
            return null;
        }

        return declaration.SpanStart > host.SpanStart ? declaration : host;
    }

    private static SyntaxNode? BlockOf(StatementSyntax statement) => statement.Parent is GlobalStatementSyntax global ? global.Parent : statement.Parent;

    private static string? WrittenIn(HostFacts host, IMethodSymbol entryPoint, ISymbol variable, SyntaxNode place)
    {
        if (variable is ILocalSymbol || SymbolEqualityComparer.Default.Equals(variable.ContainingType, entryPoint.ContainingType))
            return variable.Name;

        return host.Compilation.IsSymbolAccessibleWithin(variable, entryPoint.ContainingType)
            ? variable.ContainingType.ToMinimalDisplayString(host.Index.Model(place.SyntaxTree), place.SpanStart) + "." + variable.Name
            : null;
    }

    /// <summary>After the assignment in a constructor that is given the service.</summary>
    private static CleanupPlace? InConstructor(HostFacts host, ISymbol field)
    {
        foreach (var reference in host.Ownership.ReferencesTo(field))
        {
            if (reference.Parent is not IAssignmentOperation assignment
                || assignment.Target != reference
                || assignment.Syntax.Parent is not ExpressionStatementSyntax { Parent: BlockSyntax { Parent: ConstructorDeclarationSyntax constructor } } statement
                || host.Index.Model(constructor.SyntaxTree).GetDeclaredSymbol(constructor) is not IMethodSymbol symbol)
            {
                continue;
            }

            foreach (var parameter in symbol.Parameters)
            {
                if (host.Types.Is(parameter.Type, KnownType.IGracefulShutdown))
                    return new(statement, parameter.Name, reference.Syntax.ToString(), IsInConstructor: true, IsNullable(field));
            }
        }

        return null;
    }
}
